"""Written stages -> a pipeline's stages and ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmcli.domain.values.text import fold

# Stage or end -> what is written for it. Only texts that can mean nothing else: 初步意向, 方案沟通, 审批中, 已转化,
# 已流失, 已失效, 已关闭 and 停止跟进 are left to the user's own synonyms.
# Source: stage lists of LinkWeChat, CordysCRM, Wukong, Salesforce, EspoCRM, Frappe CRM and Maven's sample data.
DEFAULT_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "初步接触": ("Prospecting", "新线索", "新客资", "待跟进"),
    "需求确认": ("Engaging", "Qualification", "跟进中", "需求分析", "需求明确", "Needs Analysis"),
    "方案报价": ("Proposal", "已报价", "报价中", "方案/报价", "Proposal/Price Quote", "Proposal/Quotation"),
    "商务谈判": ("Negotiation", "谈判中", "谈判审核", "Negotiation/Review"),
    "赢单": ("Won", "Closed Won", "已赢单", "已签单", "已签约", "已成交", "签了", "成功"),
    "输单": ("Lost", "Closed Lost", "已输单", "丢单", "黄了", "失败"),
    "无效": ("Void", "无效客资"),
}


def written_stages(names: Iterable[str], synonyms: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return folded text -> stage name, for `match_stage`.

    `names` are a pipeline's stages and ends; `synonyms` the user's own (name -> texts), which win over the
    defaults. Defaults count only for the names that the pipeline has; a name itself always means itself.
    """
    kept = list(names)
    found: dict[str, str] = {}
    for table in (DEFAULT_SYNONYMS, synonyms):
        found.update({fold(text): name for name in kept for text in table.get(name, ())})
    found.update({fold(name): name for name in kept})
    return found


def match_stage(text: str, names: Mapping[str, str]) -> str | None:
    """Return the stage that a text means, None where no table knows it: a stage is never guessed.

    >>> names = written_stages(["初步接触", "赢单"], {"赢单": ["打款了"]})
    >>> [match_stage(t, names) for t in ("closed won", "打款了", "prospecting ", "Engaging")]
    ['赢单', '赢单', '初步接触', None]
    """
    return names.get(fold(text))
