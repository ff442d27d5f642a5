"""Headers -> fields: which column of a sheet holds what, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from crmcli.domain.fields import bare_headers, catalogue, headers_to_paths, normalise_header
from crmcli.domain.records import KINDS
from crmcli.domain.rejection import ADDED
from crmcli.domain.values.money import header_unit
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.kinds import main_kind
from crmcli.importers.presets import Preset, recognise

EXTRA = ""
LEFT_OUT = "left out"
_UNITED = {"phones", "emails", "tags"}
_REPEATABLE = {"note", "text"}
# fields that presets may name and the catalogue does not show: they are taken apart into others
_TAKEN_APART = {"contact.remark": "remark", "contact.nickname": "nickname"}


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What one column means: a field path, or "" for the record's extra columns; confidence 0-1 and why."""

    index: int
    header: str
    path: str
    type: str
    confidence: float
    why: Message
    unit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """How a sheet is understood. `refusal` says why no record of it could be identified, else None."""

    kind: str | None
    preset: Preset | None
    columns: list[ColumnMap]
    refusal: Message | None = None
    notes: list[Message] = field(default_factory=list)

    def paths(self) -> set[str]:
        """Return the field paths that some column holds."""
        return {column.path for column in self.columns if column.path}


class UnknownField(CrmError):
    """`--map` or a preset names a field that the catalogue lacks."""

    code = "mapping.unknown_field"

    def __init__(self, header: str, path: str) -> None:
        super().__init__(
            msg("column {header}: there is no field {path}", header=header, path=path),
            hint=msg("`crmcli fields` lists them all"),
        )


@dataclass(frozen=True, slots=True)
class MappingChoices:
    """What the user said on the command line and in crm.toml."""

    kind: str = ""
    preset: str = ""
    map: Mapping[str, str] = field(default_factory=dict)
    presets: Sequence[Preset] = ()


def map_sheet(headers: Sequence[str], choices: MappingChoices) -> SheetMapping:
    """Return how the columns with these headers (as written) are understood.

    Raises:
        UnknownField: a field named by the user does not exist.
    """
    preset = _preset(headers, choices)
    plain = [header_unit(header) for header in headers]
    words = [normalise_header(name) for name, _ in plain]
    given = {normalise_header(header): path for header, path in choices.map.items()}
    kind = choices.kind or (preset.kind if preset else "") or _kind_of(given) or main_kind(words)
    columns = [
        _column(index, headers[index], words[index], _Known(kind or "", set(words), preset, given), unit)
        for index, (_, unit) in enumerate(plain)
    ]
    columns = _without_rivals(columns)
    return SheetMapping(kind, preset, columns, _refusal(kind, columns, headers))


def _preset(headers: Sequence[str], choices: MappingChoices) -> Preset | None:
    if choices.preset:
        return next((preset for preset in choices.presets if preset.name == choices.preset), None)
    return recognise(headers, choices.presets)


def _kind_of(given: Mapping[str, str]) -> str:
    kinds = [path.split(".")[0] for path in given.values() if "." in path]
    return next((kind for kind in reversed(KINDS) if kind in kinds), "")


@dataclass(frozen=True, slots=True)
class _Known:
    kind: str
    words: set[str]
    preset: Preset | None
    given: Mapping[str, str]


def _column(index: int, header: str, word: str, known: _Known, unit: Decimal | None) -> ColumnMap:
    full = normalise_header(header)
    if header.startswith(ADDED):
        return ColumnMap(index, header, EXTRA, LEFT_OUT, 1.0, msg("added by the rejects workbook"), None)
    if full in known.given or word in known.given:
        path = _full_path(header, known.given.get(full) or known.given[word], known.kind)
        return _made(index, header, path, 1.0, msg("named by --map"), unit)
    if known.preset and known.preset.tag_groups and known.preset.tag_groups.match(header.strip()):
        return ColumnMap(index, header, f"{known.kind}.tags", "tag_group", 1.0, msg("a tag group"), None)
    if known.preset and (full in known.preset.map or word in known.preset.map):
        path = _full_path(header, known.preset.map.get(full) or known.preset.map[word], known.kind)
        return _made(index, header, path, 1.0, msg("preset {name}", name=known.preset.name), unit)
    if word in headers_to_paths():
        path = _in_kind(headers_to_paths()[word][0], known)
        return _made(index, header, path, 0.95, msg("a known heading"), unit)
    if word in bare_headers():
        path = _bare(bare_headers()[word], word, known)
        return _made(index, header, path, 0.9, msg("a heading of the sheet's main kind"), unit)
    return _made(index, header, EXTRA, 0.0, msg("no field is called so: kept as an extra column"), unit)


def _made(index: int, header: str, path: str, confidence: float, why: Message, unit: Decimal | None) -> ColumnMap:
    kind = _TAKEN_APART.get(path) or (catalogue()[path].type if path else "text")
    return ColumnMap(index, header, path, kind, confidence if path else 0.0, why, unit if kind == "amount" else None)


def _full_path(header: str, path: str, kind: str) -> str:
    if path in _TAKEN_APART or path in catalogue() or path == EXTRA:
        return path
    if f"{kind}.{path}" in catalogue():
        return f"{kind}.{path}"
    raise UnknownField(header, path)


_LEAD_OF = {"contact.name": "lead.name", "customer.name": "lead.company", "customer.source": "lead.source"}
_LEAD_OF |= {f"contact.{key}": f"lead.{key}" for key in ("phones", "emails", "wechat")}
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
}
_REFERENCES = {"opportunity.external_id", "opportunity.name"}


def _in_kind(path: str, known: _Known) -> str:
    """Return the path a heading means in a sheet of this kind, EXTRA where the kind has no place for it."""
    kind = known.kind
    path = _RELATION_OF.get(path, path)
    if kind == "lead":
        path = _LEAD_OF.get(path, path)
    if kind == "product" and path == "opportunity.product":
        path = "product.name" if "品名" not in known.words else EXTRA
    if kind == "stage_history":
        return _in_stage_history(path, known)
    if kind == "activity" and path in ("opportunity.next_action", "opportunity.next_at"):
        path = path.replace("opportunity.", "activity.")
    if kind == "activity" and path.startswith("opportunity.") and path not in _REFERENCES:
        return EXTRA
    if kind == "opportunity" and path in ("customer.lifecycle", "lead.status"):
        return "opportunity.stage" if not _has(known, "opportunity.stage") else EXTRA
    return path if path.partition(".")[0] in _MAKES.get(kind, set()) else EXTRA


def _in_stage_history(path: str, known: _Known) -> str:
    if path == "opportunity.stage" and not _has(known, "stage_history.stage"):
        return "stage_history.stage"
    if path == "opportunity.loss_reason":
        return "stage_history.reason"
    reference = _REFERENCES | {"customer.name"}
    return path if path in reference or path.startswith("stage_history.") else EXTRA


def _has(known: _Known, path: str) -> bool:
    return any(path in headers_to_paths().get(word, ()) for word in known.words)


def _bare(key: str, word: str, known: _Known) -> str:
    kind = known.kind
    special = {
        ("activity", "owner"): "activity.by",
        ("activity", "created_at"): EXTRA if _has(known, "activity.at") else "activity.at",
        ("activity", "note"): EXTRA if _has(known, "activity.text") else "activity.text",
        ("stage_history", "owner"): "stage_history.by",
        ("opportunity", "status"): "opportunity.status" if _has(known, "opportunity.stage") else "opportunity.stage",
        ("customer", "status"): "customer.lifecycle",
        ("contact", "source"): "customer.source" if _has(known, "customer.name") else EXTRA,
        ("owner", "owner"): EXTRA if _has(known, "owner.name") else "owner.name",
        ("owner", "status"): "owner.active",
        ("opportunity", "name"): "opportunity.name" if word not in ("姓名", "title") else "contact.name",
        ("customer", "name"): "customer.name" if word != "姓名" else "contact.name",
        ("opportunity", "tags"): "customer.tags",
    }
    path = special.get((kind, key), f"{kind}.{key}")
    if kind == "contact" and word == "title":
        return "contact.title"
    taken = key == "name" and _has(known, f"{kind}.name")
    return path if path in catalogue() and not taken else EXTRA


def _without_rivals(columns: list[ColumnMap]) -> list[ColumnMap]:
    """Leave a field to its surest column; lists and notes are united, so they may have several."""
    best: dict[str, ColumnMap] = {}
    for column in columns:
        if column.path and column.path.split(".")[1] not in _UNITED | _REPEATABLE:
            rival = best.get(column.path)
            if rival is None or _rank(column) < _rank(rival):
                best[column.path] = column
    why = msg("another column holds this field already: kept as an extra column")
    return [
        column
        if best.get(column.path, column) is column
        else ColumnMap(column.index, column.header, EXTRA, "text", 0.0, why)
        for column in columns
    ]


def _rank(column: ColumnMap) -> tuple[float, int, int]:
    synonyms = catalogue()[column.path].synonyms if column.path in catalogue() else ()
    word = normalise_header(header_unit(column.header)[0])
    return (-column.confidence, synonyms.index(word) if word in synonyms else len(synonyms), column.index)


def _identifying_paths() -> set[str]:
    named = {f"{kind}.{key}" for kind in KINDS for key in ("name", "external_id")} & catalogue().keys()
    others = {"customer.credit_code", "lead.company", "lead.phones", "contact.phones", *_TAKEN_APART}
    return named | others


def identifying_headers(presets: Sequence[Preset]) -> frozenset[str]:
    """Return the normalised headers of columns that say which record a row is."""
    paths = _identifying_paths()
    words = {word for word, found in headers_to_paths().items() if paths & set(found)}
    words |= {word for word, key in bare_headers().items() if key in ("name", "external_id", "owner")}
    return frozenset(words | {word for preset in presets for word, path in preset.map.items() if path in paths})


def _refusal(kind: str | None, columns: list[ColumnMap], headers: Sequence[str]) -> Message | None:
    paths = {column.path for column in columns}
    if kind is None or not paths & _identifying_paths():
        shown = ", ".join(header for header in headers if header)
        return msg("no column identifies a record (a name or an id); the columns are: {headers}", headers=shown)
    names = [column for column in columns if column.path == f"{kind}.name"]
    rivals = [header for header in headers if names and header == names[0].header]
    if len(rivals) > 1:
        return msg("two columns are called {header}: say which one holds the name", header=rivals[0])
    return None
