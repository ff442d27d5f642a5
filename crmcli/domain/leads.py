"""What becomes of leads: their states however they are written, and how they are called once they are customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from crmcli.domain.records import Record
from crmcli.domain.values.person import looks_like_person
from crmcli.domain.values.text import fold

NEW, FOLLOWING, QUALIFIED, DISQUALIFIED = "new", "following", "qualified", "disqualified"
STATES = (NEW, FOLLOWING, QUALIFIED, DISQUALIFIED)
_RANKED = (NEW, FOLLOWING, DISQUALIFIED, QUALIFIED)
DECIDED = (QUALIFIED, DISQUALIFIED)
DEFAULT_REASONS = ("无需求", "无预算", "联系不上", "重复", "非目标客户", "信息错误", "其他")

# Source: the lead states of Salesforce, HubSpot, Zoho, 纷享销客, 悟空CRM and CordysCRM, and of sales teams' own sheets
_WRITTEN = {
    NEW: "new|新|新建|新增|新线索|未处理|待处理|未跟进|待跟进|待分配|待联系|未联系|open|open - not contacted"
    "|not contacted",
    FOLLOWING: "following|跟进中|跟进|处理中|已联系|联系中|培育中|孵化中|contacted|attempted to contact|working"
    "|working - contacted|in progress|connected|nurturing",
    QUALIFIED: "qualified|已转化|转化|已转换|已转客户|转客户|已转商机|转商机|已转|已成交|有效|converted"
    "|closed - converted",
    DISQUALIFIED: "disqualified|无效|无效线索|已无效|已关闭|关闭|废弃|已放弃|放弃|垃圾线索|unqualified|junk"
    "|junk lead|lost lead|closed - not converted|closed",
}


@cache
def _meanings() -> dict[str, str]:
    """Return folded text -> state."""
    return {fold(text): state for state, texts in _WRITTEN.items() for text in texts.split("|")}


def lead_status(text: str) -> str:
    """Return the state that a written status means: new, following, qualified or disqualified; else the text itself.

    >>> [lead_status(text) for text in ("跟进中", "Converted", "无效", "等老板点头")]
    ['following', 'qualified', 'disqualified', '等老板点头']
    """
    return _meanings().get(fold(text), text)


def state_rank(status: str) -> tuple[int, str]:
    """Return a sort key in which the state that is further along comes last; a text that means none comes first.

    >>> sorted(["qualified", "new", "等老板点头", "disqualified", "following"], key=state_rank)
    ['等老板点头', 'new', 'following', 'disqualified', 'qualified']
    """
    return (_RANKED.index(status), "") if status in _RANKED else (-1, status)


def is_open(lead: Record) -> bool:
    """Return whether nobody decided on a lead yet; a status that nobody knows decides nothing."""
    return lead["status"] not in DECIDED


def known_reason(text: str, reasons: Sequence[str]) -> str | None:
    """Return the reason of the list that a text means, None where it means none of them.

    >>> known_reason(" 无预算", DEFAULT_REASONS), known_reason("不想要", DEFAULT_REASONS)
    ('无预算', None)
    """
    return next((reason for reason in reasons if fold(reason) == fold(text)), None)


@dataclass(frozen=True, slots=True)
class LeadParts:
    """What a lead holds, by the record that it belongs to; only filled columns. `contact` is empty without a person.

    `company` tells that the customer is a firm; else the customer is the person.
    """

    customer: Record
    contact: Record = field(default_factory=dict)
    opportunity: Record = field(default_factory=dict)
    company: bool = True


def parts_of(lead: Record) -> LeadParts:
    """Return a lead's own fields as those of customer, contact and opportunity: each value once, none is lost.

    Phones, e-mails and WeChat are the person's where the lead names one, else the customer's; the note is the deal's.
    A lead without a company whose name is no person's is that company.

    >>> parts = parts_of({"name": "韩梅梅", "company": "甲公司", "phones": ["+8613900139000"], "source": "展会"})
    >>> parts.customer, parts.contact, parts.opportunity
    ({'name': '甲公司', 'source': '展会'}, {'name': '韩梅梅', 'phones': ['+8613900139000']}, {'source': '展会'})
    """
    name, company = lead.get("name"), lead.get("company")
    if name and not company and not looks_like_person(name):
        name, company = None, name
    reach = _filled(lead, "phones", "emails", "wechat")
    origin = _filled(lead, "source", "tags")
    customer = {"name": company or name} if company or name else {}
    contact = {"name": name, **reach} if name else {}
    is_person = bool(name and not company)
    customer |= origin | (reach if is_person or not name else {})
    return LeadParts(customer, contact, origin | _filled(lead, "note"), company=not is_person)


def _filled(lead: Record, *keys: str) -> Record:
    return {key: lead[key] for key in keys if lead.get(key) not in (None, "", [])}
