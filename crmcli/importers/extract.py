"""Parsed rows -> what each says: every cell ends in a field, in the extra columns, or in a listed problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from crmcli.domain.fields import catalogue
from crmcli.domain.intake import region_columns
from crmcli.domain.problem import Problem
from crmcli.domain.values.money import Amount
from crmcli.domain.values.region import Region, parse_region
from crmcli.domain.values.text import clean, is_blank
from crmcli.i18n import msg
from crmcli.importers.mapping import ColumnMap, SheetMapping
from crmcli.importers.meaning import EXTRA
from crmcli.importers.parsers import Person, parser_of
from crmcli.importers.parsing import ColumnParser, ParsedColumn
from crmcli.importers.sheet import Block

Parts = dict[str, dict[str, Any]]
_REGION = "region parts"  # where a customer's area is kept until all its columns are read


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that gave no value: its column's header and field, and why. Its text is kept under extra."""

    header: str
    path: str
    problem: Problem


@dataclass(slots=True)
class Draft:
    """What one row says: per kind of record its fields, the cells no field takes, and what could not be read.

    `index` is its place in its block. `others` are the further contacts that it names. `blanks` are the field paths of
    which every cell of the row is empty, where somebody asked for them.
    """

    index: int
    row: int
    parts: Parts
    extra: dict[str, str] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    blanks: set[str] = field(default_factory=set)
    others: list[dict[str, Any]] = field(default_factory=list)

    def keep(self, header: str, text: str) -> None:
        """Keep a cell that no field takes; one of an equal header does not push out another text."""
        name = header or "?"
        while name in self.extra and self.extra[name] != text:
            name += "'"
        self.extra[name] = text


def parse_text(kind: str, text: str, zone: ZoneInfo, key: str = "province") -> Any:
    """Return the value of one text of a field type, or a Problem; what a person types goes the way cells go.

    `key` is the field's; it matters where the type is "region".
    """
    if kind == "region":
        place = parse_region(clean(text))
        return (getattr(place, key) if isinstance(place, Region) else None) or clean(text)
    target = ColumnMap(0, "", f"_.{key}", kind, 1.0, msg("typed"))
    parser, _note = parser_of(target, [text], zone)
    return parser(clean(text))


def drafts(
    block: Block,
    columns: Sequence[ParsedColumn],
    mapping: SheetMapping,
    rows: Iterable[int] | None = None,
    *,
    blanks: bool = False,
) -> Iterator[Draft]:
    """Yield one draft a row of a block, in order; `columns` are the block's, parsed, `rows` indexes (None for all)."""
    kind = mapping.kind or ""
    plain, others = _divided(columns)
    groups = [(entity, _table(entity, plain)) for entity in dict.fromkeys(c.map.path.partition(".")[0] for c in plain)]
    for index in range(len(block.rows)) if rows is None else rows:
        parts: Parts = {kind: {}}
        for entity, own in groups:
            said = ((key, values[codes[index]]) for key, values, codes in own)
            part = {key: value for key, value in said if value is not None}
            if part:
                parts[entity] = part
        draft = Draft(index, block.rows[index], parts)
        for column in others:
            code = column.codes[index]
            value = column.values[code]
            if value is not None:
                _put(draft, column.map, value, column.texts[code])
        if blanks:
            draft.blanks = _blank_paths(columns, index)
        _add_constants(draft, mapping)
        _settle_region(draft)
        _settle_contact(draft, kind, mapping)
        yield draft


def _divided(columns: Sequence[ParsedColumn]) -> tuple[list[ParsedColumn], list[ParsedColumn]]:
    """Return the columns whose values go into their fields as they are, and those that need a look at each cell."""
    paths = Counter(column.map.path for column in columns)
    plain: list[ParsedColumn] = []
    others: list[ParsedColumn] = []
    for column in columns:
        (plain if paths[column.map.path] == 1 and _is_plain(column) else others).append(column)
    return plain, others


def _is_plain(column: ParsedColumn) -> bool:
    special = column.map.path == EXTRA or column.map.type in ("region", "tag_group", "stage_date")
    return not special and {Problem, Person}.isdisjoint(map(type, column.values))


def _table(entity: str, plain: Sequence[ParsedColumn]) -> list[tuple[str, list[Any], Sequence[int]]]:
    own = [column for column in plain if column.map.path.partition(".")[0] == entity]
    return [(column.map.path.partition(".")[2], column.values, column.codes) for column in own]


def _blank_paths(columns: Sequence[ParsedColumn], index: int) -> set[str]:
    filled = {column.map.path for column in columns if column.values[column.codes[index]] is not None}
    return {column.map.path for column in columns if column.map.path not in (EXTRA, *filled)}


def cells_of(columns: Sequence[ParsedColumn], index: int, kind: str) -> Iterator[tuple[str, str]]:
    """Yield (header, text) of a row's cells that say something of one kind of record."""
    for column in columns:
        text = column.texts[column.codes[index]]
        if column.map.path.startswith(f"{kind}.") and text and not is_blank(text):
            yield column.map.header, text


def amount_in(column: ColumnParser, cells: Sequence[str]) -> Decimal:
    """Return the amount that a row outside the table (a total, an unsafe line) holds in a column, 0 where none."""
    text = cells[column.map.index] if column.map.index < len(cells) else ""
    value = None if is_blank(text) else column.parser(clean(text))
    return value.value if isinstance(value, Amount) else Decimal(0)


def _put(draft: Draft, target: ColumnMap, value: Any, text: str) -> None:
    if isinstance(value, Problem):
        draft.keep(target.header, text)
        draft.problems.append(CellProblem(target.header, target.path, value))
        return
    if target.path == EXTRA:
        draft.keep(target.header, text)
        return
    kind, key = target.path.split(".")
    part = draft.parts.setdefault(kind, {})
    if target.type == "region":
        part.setdefault(_REGION, {})[key] = (text, target.header)
    elif isinstance(value, Person):
        _put_person(draft, part, target, value, text)
    elif target.type == "tag_group":
        part["tags"] = part.get("tags", []) + [f"{_group(target.header)}:{tag}" for tag in value]
    elif target.type == "stage_date":
        part.setdefault(key, []).append((target.group, value))
    elif isinstance(value, list):
        part[key] = list(dict.fromkeys(part.get(key, []) + value))
    elif key in part and key in ("note", "text"):
        part[key] = f"{part[key]}\n{value}"
    else:
        part[key] = value


def _group(header: str) -> str:
    plain = header.strip().replace("（", "(").replace("）", ")")
    return plain[plain.find("(") + 1 : -1]


def _put_person(draft: Draft, part: dict[str, Any], target: ColumnMap, person: Person, text: str) -> None:
    part["name"] = person.name
    if person.phones:
        part["phones"] = list(dict.fromkeys([*part.get("phones", []), *person.phones]))
    if person.company:
        draft.parts.setdefault("customer", {}).setdefault("name", person.company)
    draft.others += [{"name": other.name, "phones": list(other.phones)} for other in person.others]
    if person.name != text:
        draft.keep(target.header, text)


def _add_constants(draft: Draft, mapping: SheetMapping) -> None:
    """Put in what the preset says of all rows, for the records that the row has and where it says nothing itself."""
    for path, text in (mapping.preset.constant if mapping.preset else {}).items():
        kind, key = path.split(".")
        if kind in draft.parts:
            draft.parts[kind].setdefault(key, [text] if catalogue()[path].type == "tags" else text)


def _settle_region(draft: Draft) -> None:
    """Put a customer's area columns together: province, city and district understand each other."""
    customer = draft.parts.get("customer", {})
    said = customer.pop(_REGION, None)
    if not said:
        return
    texts = {key: text for key, (text, _header) in said.items()}
    placed, unplaced = region_columns(*(texts.get(key, "") for key in ("region", "province", "city", "district")))
    customer |= placed
    if unplaced:
        draft.keep(said["region"][1], unplaced)


def _settle_contact(draft: Draft, kind: str, mapping: SheetMapping) -> None:
    """Put a person's name together; give a phone to the contact where the row names one, else to the customer."""
    for person in (draft.parts.get("contact"), draft.parts.get("lead")):
        if person and "first_name" in person:
            person["name"] = _full_name(person.pop("first_name"), person.get("name"))
    contact = draft.parts.get("contact")
    if not contact:
        return
    _share_phones(contact, draft.others)
    nickname = contact.pop("nickname", None)
    if nickname and contact.setdefault("name", nickname) != nickname:
        draft.keep(mapping.header_of("contact.nickname"), nickname)
    customer = draft.parts.get("customer")
    if kind == "contact" and mapping.preset is None and customer and contact.get("owner"):
        customer.setdefault("owner", contact["owner"])
    if not (contact.get("name") or contact.get("external_id") or (kind == "contact" and not customer)):
        _give_to_customer(draft, draft.parts.pop("contact"), mapping)


def _share_phones(contact: dict[str, Any], others: Sequence[dict[str, Any]]) -> None:
    """Give each of several people one of the row's phones, where there are as many and no name has its own."""
    phones = contact.get("phones", [])
    if others and len(phones) == len(others) + 1 and not any(other["phones"] for other in others):
        for person, phone in zip((contact, *others), phones, strict=True):
            person["phones"] = [phone]


def _full_name(first: str, last: str | None) -> str:
    """Return a name in the order its writing has: John Smith, 张三."""
    if not last:
        return first
    return f"{first} {last}" if (first + last).isascii() else last + first


def _give_to_customer(draft: Draft, contact: dict[str, Any], mapping: SheetMapping) -> None:
    customer = draft.parts.setdefault("customer", {})
    for key, value in contact.items():
        if key in ("phones", "emails", "tags"):
            customer[key] = list(dict.fromkeys(customer.get(key, []) + value))
        elif key in ("wechat", "note", "owner", "created_at") and not customer.get(key):
            customer[key] = value
        elif customer.get(key) != value:
            draft.keep(mapping.header_of(f"contact.{key}") or key, str(value))
