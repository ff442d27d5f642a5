"""The made-up company's crm.toml."""

from __future__ import annotations

from collections.abc import Iterable

from crmcli.demo_data.deals import WRITTEN_REASONS
from crmcli.demo_data.model import COMPANY, LOST, STAGES, VOID, WON, Demo, Owner
from crmcli.demo_data.staff import KEY_ACCOUNTS

_SYNONYMS = {
    STAGES[0]: ("新线索", "待跟进", "初步意向", "Prospecting"),
    STAGES[1]: ("跟进中", "需求沟通中", "Engaging", "Qualification"),
    STAGES[2]: ("已报价", "报价中", "Proposal"),
    STAGES[3]: ("谈判中", "合同审批中", "Negotiation"),
    WON: ("已签单", "已签约", "已成交", "Won", "Closed Won"),
    LOST: ("丢单", "黄了", "Lost", "Closed Lost"),
    VOID: ("无效商机",),
}

_FRONT = """\
# 演示用的 crm.toml：虚构公司「{company}」怎样做销售。改了以后用 crmcli config check 检查。
[workspace]
name = "{company}"
language = "zh"
timezone = "Asia/Shanghai"
currency = "CNY"
week_starts = "monday"
min_n = 5                          # 分母小于 5 的比率只写「样本不足」

[[pipeline]]
key = "standard"
name = "标准销售"
stages = [
  {{ name = "初步接触", probability = 10, rot_days = 7,  category = "pipeline" }},
  {{ name = "需求确认", probability = 30, rot_days = 14, category = "pipeline",  require = ["amount"] }},
  {{ name = "方案报价", probability = 50, rot_days = 14, category = "best_case", \
require = ["amount", "expected_close"] }},
  {{ name = "商务谈判", probability = 80, rot_days = 10, category = "commit",    \
require = ["amount", "expected_close", "product"] }},
]
won = "赢单"
lost = "输单"
void = "无效"

[pipeline.synonyms]                # 旧表里的写法 -> 阶段或结果
{stages}

[loss]
required = true
reasons = [{reasons}]

[loss.synonyms]                    # 业务员写的原因 -> 上面的原因
{losses}

"""

_BACK = """\
[assign]
sticky = true                      # 客户现在的负责人优先
reassign = false                   # 已有负责人的不动
catch_up = 0
fallback = "公海"
holidays = "CN"

[[assign.rule]]
name = "大单给大客户组"
when = {{ amount = ">= 500000" }}
to = [{key_accounts}]
strategy = "least_load"
on_full = "next_rule"

[[assign.rule]]
name = "华东按权重轮流"
when = {{ province = ["上海", "江苏", "浙江", "安徽", "山东"] }}
to = {{ team = "华东" }}
strategy = "weighted"

[[assign.rule]]
name = "其余轮流"
when = {{}}
to = "*"
strategy = "round_robin"

[[pool]]
name = "公海"
recycle = {{ level = ["A", "B"], no_follow_up_days = 30, no_opportunity_days = 90 }}
notice_days = 3
claim_per_day = 5
previous_owner_days = 15

[remind]
max_plan_days = 30
levels = [3, 5, 7]
notify = []                        # 企业微信群机器人：["env:CRMCLI_WECOM_WEBHOOK"]；不写就什么都不发出去
"""


def demo_config(demo: Demo) -> str:
    """Return the text of the demo's crm.toml: stages, loss reasons, owners, three assignment rules."""
    front = _FRONT.format(
        company=COMPANY,
        stages="\n".join(_line(stage, texts) for stage, texts in _SYNONYMS.items()),
        reasons=_quoted(WRITTEN_REASONS),
        losses="\n".join(_line(reason, texts[1:]) for reason, texts in WRITTEN_REASONS.items() if texts[1:]),
    )
    names = [owner.name for owner in demo.owners if owner.team == KEY_ACCOUNTS]
    return front + "".join(_owner(owner) for owner in demo.owners) + _BACK.format(key_accounts=_quoted(names))


def _line(key: str, texts: tuple[str, ...]) -> str:
    return f'"{key}" = [{_quoted(texts)}]'


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f'"{text}"' for text in texts)


def _owner(owner: Owner) -> str:
    lines = [
        "[[owner]]",
        f'name = "{owner.name}"',
        f'team = "{owner.team}"',
        f'region = "{owner.region}"',
        f'manager = "{owner.manager}"',
        f"provinces = [{_quoted(owner.provinces)}]",
        f"weight = {owner.weight}",
        "max_open = 60",
        *([f"leave = [[{_quoted(owner.leave)}]]"] if owner.leave else []),
        f"active = {str(owner.active).lower()}",
    ]
    return "\n".join(lines) + "\n\n"
