"""What a known heading means in a sheet of one kind.

Source: definitions.md, "Bare headers"; import-formats.md, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from crmcli.domain.fields import COMPOSED, bare_headers, catalogue, headers_to_paths, normalise_header
from crmcli.domain.values.money import header_unit

EXTRA = ""
_LEAD_OF = {"contact.name": "lead.name", "customer.name": "lead.company", "customer.source": "lead.source"}
_LEAD_OF |= {f"contact.{key}": f"lead.{key}" for key in ("phones", "emails", "wechat", "first_name")}
# a relation is the other record's name
_RELATION_OF = {
    "contact.customer": "customer.name",
    "opportunity.customer": "customer.name",
    "activity.customer": "customer.name",
    "activity.contact": "contact.name",
    "activity.opportunity": "opportunity.name",
    "stage_history.opportunity": "opportunity.name",
}
# the kinds of record that a sheet of this main kind makes or refers to
_MAKES = {
    "customer": {"customer", "contact"},
    "contact": {"contact", "customer"},
    "opportunity": {"opportunity", "customer", "contact"},
    "activity": {"activity", "customer", "contact", "opportunity"},
    "lead": {"lead"},
    "owner": {"owner"},
    "product": {"product"},
    "message": {"message"},
    "contract": {"contract"},
    "payment": {"payment", "contract"},
    "target": {"target"},
}
_REFERENCES = {"opportunity.external_id", "opportunity.name"}
# what a contract or a payment says of other records: which they are, no more
_NAMED_BESIDE = _REFERENCES | {"customer.name", "customer.external_id", "customer.credit_code"}
# what a deal and a contract call by one word, and what a payment's customer is
_CONTRACT_OF = {
    "opportunity.amount": "contract.amount",
    "opportunity.currency": "contract.currency",
    "opportunity.closed_at": "contract.signed_on",
    "opportunity.owner": "contract.owner",
    "contract.customer": "customer.name",
    "contract.opportunity": "opportunity.name",
}
_PAYMENT_OF = {
    "opportunity.currency": "payment.currency",
    "payment.contract": "contract.name",
    "payment.customer": "customer.name",
    "payment.opportunity": "opportunity.name",
    "contract.owner": "payment.owner",
}
_TARGET_OF = {"owner.team": "target.team", "opportunity.amount": "target.amount", "opportunity.owner": "target.owner"}
_FIRST_NAME = "first name"
_PERSONAL_CUSTOMER = frozenset({"客户姓名"})
# what stands for a customer's state where nothing else does
_STATES = ("opportunity.stage", "opportunity.status", "lead.status")


@dataclass(frozen=True, slots=True)
class SheetWords:
    """A sheet as its headings show it: its main kind and all its normalised headings."""

    kind: str
    words: frozenset[str]

    def has(self, path: str) -> bool:
        """Return whether some heading says this field outright."""
        return any(path in headers_to_paths().get(word, ()) for word in self.words)


def known_form(header: str) -> str:
    """Return the normalised heading that is looked up: without its unit; of a joined one (组_字段) what is known.

    >>> known_form("客户信息_客户名称"), known_form("联系人_电话"), known_form("manager_name"), known_form("金额(万元)")
    ('客户名称', '联系人电话', 'manager name', '金额')
    """
    name = header_unit(header)[0]
    forms = [normalise_header(form) for form in _forms(name)]
    known = (form for form in forms if form in headers_to_paths() or form in bare_headers() or form == _FIRST_NAME)
    return next(known, forms[0])


def _forms(name: str) -> list[str]:
    joined = "_" if "_" in name else "."
    group, _, field = name.rpartition(joined)
    if not (group and field):
        return [name]
    last = header_unit(field)[0]
    plain = normalise_header(last) in headers_to_paths() or not name.isascii()
    return [name, f"{group}{last}", *([last] if plain else [])]


def meaning_of(word: str, sheet: SheetWords) -> tuple[str, float] | None:
    """Return (field path, confidence) of a normalised heading; EXTRA where this kind has no place for it.

    None means that no field is called so.
    """
    if word == _FIRST_NAME:
        return _in_kind("contact.first_name", sheet), 0.9
    if word in headers_to_paths():
        path = "contact.name" if _is_person(word, sheet) else _of_kind(headers_to_paths()[word], sheet)
        return _in_kind(path, sheet), 0.95
    if word in bare_headers():
        return _bare(bare_headers()[word], word, sheet), 0.9
    return None


def _is_person(word: str, sheet: SheetWords) -> bool:
    """Return whether 客户姓名 is a person: beside another column with the customer's name."""
    others = sheet.words - _PERSONAL_CUSTOMER
    return word in _PERSONAL_CUSTOMER and any("customer.name" in headers_to_paths().get(w, ()) for w in others)


def _of_kind(paths: Sequence[str], sheet: SheetWords) -> str:
    """Return which of the fields that one heading names is the sheet's."""
    makes = _MAKES.get(sheet.kind, set())
    return next((path for path in paths if path.partition(".")[0] in makes), paths[0])


def _in_kind(path: str, sheet: SheetWords) -> str:
    path = _of_whom(_RELATION_OF.get(path, path), sheet.kind)
    if sheet.kind in _HOW:
        return _HOW[sheet.kind](path, sheet)
    path = _as_the_kind_has_it(path, sheet)
    known = path in COMPOSED or path in catalogue()
    return path if known and path.partition(".")[0] in _MAKES.get(sheet.kind, set()) else EXTRA


def _of_whom(path: str, kind: str) -> str:
    """Return the field of this kind that a field of another one stands for: a follow-up's author is its owner."""
    if kind == "lead":
        path = _LEAD_OF.get(path, path)
    if path == "lead.source" and kind != "lead":
        path = "opportunity.source" if kind == "opportunity" else "customer.source"
    if path in ("activity.by", "owner.name") and kind not in ("activity", "stage_history", "owner"):
        path = f"{kind}.owner"
    if path == "activity.text" and kind in ("customer", "contact", "lead", "opportunity"):
        path = f"{kind}.note"
    return path


def _as_the_kind_has_it(path: str, sheet: SheetWords) -> str:
    kind = sheet.kind
    if kind == "product" and path == "opportunity.product":
        return "product.name" if not sheet.has("product.name") else EXTRA
    if kind == "customer" and path in _STATES:
        return "customer.lifecycle" if not sheet.has("customer.lifecycle") else EXTRA
    if kind == "opportunity" and path in ("customer.lifecycle", "lead.status"):
        return "opportunity.stage" if not sheet.has("opportunity.stage") else EXTRA
    if kind == "activity" and path in ("opportunity.next_action", "opportunity.next_at"):
        return path.replace("opportunity.", "activity.")
    return EXTRA if kind == "activity" and path.startswith("opportunity.") and path not in _REFERENCES else path


def _in_stage_history(path: str, sheet: SheetWords) -> str:
    if path in ("opportunity.stage", "opportunity.status") and not sheet.has("stage_history.stage"):
        return "stage_history.stage" if path.endswith("stage") or not sheet.has("opportunity.stage") else EXTRA
    if path == "opportunity.loss_reason":
        return "stage_history.reason"
    reference = _REFERENCES | {"customer.name"}
    return path if path in reference or path.startswith("stage_history.") else EXTRA


def _in_contract(path: str, sheet: SheetWords) -> str:
    meant = _CONTRACT_OF.get(path, path)
    if meant != path and sheet.has(meant):
        return EXTRA
    return meant if meant.startswith("contract.") or meant in _NAMED_BESIDE else EXTRA


def _in_payment(path: str, sheet: SheetWords) -> str:
    """Return the field of a payment; a bare amount is the one of the day that stands beside it."""
    meant = _PAYMENT_OF.get(path, path)
    if path == "opportunity.amount":
        meant = "payment.received_amount" if sheet.has("payment.received_on") else "payment.due_amount"
    if path == "contract.ends_on" and sheet.has("payment.due_amount") and not sheet.has("contract.amount"):
        meant = "payment.due_on"  # 到期日 beside 应收金额
    if meant != path and sheet.has(meant):
        return EXTRA
    beside = _NAMED_BESIDE | {"contract.external_id", "contract.name"}
    return meant if meant.startswith("payment.") or meant in beside else EXTRA


def _in_target(path: str, sheet: SheetWords) -> str:
    meant = _TARGET_OF.get(path, path)
    return meant if meant.startswith("target.") and (meant == path or not sheet.has(meant)) else EXTRA


# the kinds of sheet that make no record of another kind, but for what names it
_HOW: dict[str, Callable[[str, SheetWords], str]] = {
    "stage_history": _in_stage_history,
    "contract": _in_contract,
    "payment": _in_payment,
    "target": _in_target,
}


def _bare(key: str, word: str, sheet: SheetWords) -> str:
    kind = sheet.kind
    if key == "name":
        return _bare_name(word, sheet)
    special = {
        ("activity", "owner"): "activity.by",
        ("activity", "type"): "activity.type" if not sheet.has("activity.type") else EXTRA,
        ("activity", "created_at"): EXTRA if sheet.has("activity.at") else "activity.at",
        ("activity", "note"): EXTRA if sheet.has("activity.text") else "activity.text",
        ("stage_history", "owner"): "stage_history.by",
        ("opportunity", "status"): "opportunity.status" if sheet.has("opportunity.stage") else "opportunity.stage",
        ("customer", "status"): "customer.lifecycle",
        ("contract", "type"): "contract.type" if not sheet.has("contract.type") else EXTRA,
        ("contact", "source"): "customer.source" if sheet.has("customer.name") else EXTRA,
        ("owner", "owner"): EXTRA if sheet.has("owner.name") else "owner.name",
        ("owner", "status"): "owner.active",
        ("opportunity", "tags"): "customer.tags",
    }
    path = special.get((kind, key), f"{kind}.{key}" if key != "type" else EXTRA)
    return path if path in catalogue() else EXTRA


def _bare_name(word: str, sheet: SheetWords) -> str:
    """Return whose name 名称, 姓名, Name or Title is."""
    kind = sheet.kind
    if word == "title":
        return _bare_title(sheet)
    if word == "姓名" and kind in ("customer", "contact", "opportunity", "activity"):
        return "contact.name" if not sheet.has("contact.name") else EXTRA
    path = f"{kind}.name"
    if kind in ("activity", "stage_history"):
        return EXTRA
    return path if path in catalogue() and not sheet.has(path) else EXTRA


def _bare_title(sheet: SheetWords) -> str:
    if sheet.kind == "opportunity" and not sheet.has("opportunity.name") and "name" not in sheet.words:
        return "opportunity.name"
    return "contact.title" if sheet.kind in ("contact", "customer", "opportunity") else EXTRA


def without_rivals(paths: Sequence[tuple[str, float, str]], united: Collection[str]) -> list[bool]:
    """Return per column, given as (path, confidence, heading), whether it keeps its field.

    A field is left to its surest column, then to the heading that the catalogue lists first, then to the first in
    the sheet; keys in `united` may have several.
    """
    best: dict[str, int] = {}
    for index, (path, _, _) in enumerate(paths):
        if path and path.split(".")[1] not in united:
            rival = best.setdefault(path, index)
            if _rank(*paths[index]) < _rank(*paths[rival]):
                best[path] = index
    return [best.get(path, index) == index for index, (path, _, _) in enumerate(paths)]


def _rank(path: str, confidence: float, header: str) -> tuple[float, int]:
    synonyms = catalogue()[path].synonyms if path in catalogue() else ()
    word = known_form(header)
    return (-confidence, synonyms.index(word) if word in synonyms else len(synonyms))
