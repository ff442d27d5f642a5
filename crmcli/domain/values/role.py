"""What somebody is in a decision to buy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from crmcli.domain.values.text import fold

# Role -> what is written for it.
# Source: buying-centre roles of Webster and Wind (user, influencer, buyer, decider, gatekeeper), of MEDDIC (economic
# buyer, champion), and role lists of CordysCRM, Wukong, HubSpot and Salesforce.
ROLES: Mapping[str, tuple[str, ...]] = {
    "决策人": (
        *("决策者", "决策", "最终决策人", "最终决策者", "关键决策人", "拍板人", "拍板", "签字人", "审批人"),
        *(
            "Decision Maker",
            "DM",
            "Decider",
            "Economic Buyer",
            "Economic Decision Maker",
            "Executive Sponsor",
        ),
    ),
    "使用人": ("使用者", "最终用户", "用户", "实际使用人", "使用部门", "End User", "User", "Business User"),
    "影响人": ("影响者", "影响力者", "建议人", "评估人", "Influencer", "Evaluator", "Recommender"),
    "技术把关": ("技术决策人", "技术评估人", "技术负责人", "技术把关人", "Technical Buyer", "Technical Evaluator"),
    "采购": (
        "采购人",
        "采购人员",
        "采购员",
        "采购经办",
        "采购负责人",
        "Buyer",
        "Purchaser",
        "Purchasing",
        "Procurement",
    ),
    "财务": ("财务人员", "财务审批", "预算负责人", "Finance", "Budget Holder", "Financial Buyer"),
    "把关人": ("守门人", "看门人", "Gatekeeper"),
    "支持者": ("内线", "教练", "支持人", "内部支持者", "Champion", "Coach", "Supporter", "Sponsor"),
    "反对者": ("反对人", "阻碍者", "Blocker", "Detractor", "Opponent"),
}


@cache
def _written() -> dict[str, str]:
    return {fold(text): role for role, texts in ROLES.items() for text in (role, *texts)}


def parse_role(text: str) -> str:
    """Return the role that a text means, else the text as it is written: a role is never guessed.

    >>> [parse_role(text) for text in ("拍板人", "end user", "老板的同学")]
    ['决策人', '使用人', '老板的同学']
    """
    return _written().get(fold(text), text)
