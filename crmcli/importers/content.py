"""What a column without a telling heading holds, by its texts: a column of mobile numbers is a phone column."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from crmcli.domain.problem import Problem
from crmcli.domain.values.credit_code import parse_credit_code
from crmcli.domain.values.email import parse_emails
from crmcli.domain.values.phone import is_mobile, parse_phones
from crmcli.domain.values.region import Region, parse_region
from crmcli.domain.values.text import clean, is_blank
from crmcli.i18n import Message, msg

_ENOUGH = 0.95  # of the distinct texts must be of a type for the column to be of it
_FEWEST = 3  # distinct texts: fewer say nothing
BY_CONTENT = 0.6  # the highest confidence of a column known by its content only: below any known heading
_SHORTEST_ADDRESS = 8
# Source: Company Law of the PRC and the usual ends of names of firms, shops and institutions
_FIRM = re.compile(
    r"(公司|集团|厂|店|行|中心|事务所|合作社|研究院|研究所|学校|大学|医院|银行|商行|经营部|工作室|门市部|超市|酒店)"
    r"([（(].{1,12}[)）])?$|\b(ltd|inc|llc|gmbh|co|corp|limited|company)\.?$",
    re.IGNORECASE,
)


class Content(NamedTuple):
    """What a column holds: the key of a field, how sure that is (0-1), and why."""

    key: str
    confidence: float
    why: Message


def _mobiles(text: str) -> bool:
    found = parse_phones(text)
    return not isinstance(found, Problem) and any(is_mobile(phone) for phone in found)


def _parsed(parser: Callable[[str], Any]) -> Callable[[str], bool]:
    return lambda text: not isinstance(parser(text), Problem)


def _address(text: str) -> bool:
    return len(text) >= _SHORTEST_ADDRESS and isinstance(parse_region(text), Region)


# field key -> (whether a text is of its type, what to call the texts)
_TYPES: dict[str, tuple[Callable[[str], bool], Message]] = {
    "credit_code": (_parsed(parse_credit_code), msg("credit codes with a right check digit")),
    "emails": (_parsed(parse_emails), msg("e-mail addresses")),
    "phones": (_mobiles, msg("mobile numbers")),
    "name": (lambda text: _FIRM.search(text) is not None, msg("names of firms")),
    "address": (_address, msg("addresses that start with a known place")),
}
_OF_CUSTOMER = {key: f"customer.{key}" for key in ("credit_code", "name", "address")}
_PEOPLE = {key: {"lead": f"lead.{key}"} for key in ("phones", "emails")}


def content_of(sample: Sequence[str]) -> Content | None:
    """Return what a column holds whose first distinct texts are `sample`, None where they do not say."""
    texts = [text for text in map(clean, sample) if text and not is_blank(text)]
    if len(texts) < _FEWEST:
        return None
    for key, (is_one, called) in _TYPES.items():
        share = sum(map(is_one, texts)) / len(texts)
        if share >= _ENOUGH:
            why = msg("{share} % of its texts are {called}", share=f"{share * 100:.0f}", called=called)
            return Content(key, round(BY_CONTENT * share, 2), why)
    return None


def field_of(content: Content, kind: str, taken: Collection[str]) -> str | None:
    """Return the field path of a column known by its content, in a sheet of one kind whose fields `taken` are known.

    None where a known column holds it already or the kind has no such field. Without a kind, firms make customers.
    """
    if kind == "lead":
        path = {"name": "lead.company"}.get(content.key) or _PEOPLE.get(content.key, {}).get("lead")
    else:
        path = _OF_CUSTOMER.get(content.key) or f"contact.{content.key}"
    if path is None or kind not in ("", "customer", "contact", "lead", "opportunity"):
        return None
    return path if path.endswith(("phones", "emails")) or path not in taken else None
