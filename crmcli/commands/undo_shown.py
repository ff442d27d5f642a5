"""How the terminal shows what an undo did: what was taken back, what was kept."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from crmcli.domain.fields import fields_of
from crmcli.domain.records import parse_number, record_number
from crmcli.domain.words import word
from crmcli.i18n import _, current_language, enumerated

if TYPE_CHECKING:
    from crmcli.jobs.journal.reversal import Kept, TakenBack
    from crmcli.jobs.journal.undo import UndoResult

_SHOWN = 20


def undo_document(result: UndoResult) -> dict[str, Any]:
    """Return an undo for JSON: the runs, the changes reversed and their number, what was kept and what is blocked."""
    return {
        "run": result.run,
        "undoes": result.undoes,
        "reversed": result.reversed,
        "changes": [_change(one) for one in result.back],
        "kept": [_kept(one) for one in result.kept],
        "blocked": [_kept(one) for one in result.blocked],
    }


def undo_told(result: UndoResult) -> list[str]:
    """Return an undo in words: each change and each thing kept on a line, the first of many."""
    words = _("{run} taken back: {reversed} changes reversed, {kept} kept")
    lines = [words.format(run=result.undoes, reversed=result.reversed, kept=len(result.kept))]
    lines += [_in_words(one) for one in islice(result.back, _SHOWN)] + _more(result.reversed)
    return lines + kept_lines(_kept(one) for one in islice(result.kept, _SHOWN)) + _more(len(result.kept))


def kept_lines(kept: Iterable[dict[str, str]]) -> list[str]:
    """Return in words what was kept of what should have been taken back: a field, or a whole record."""
    of_a_field, whole = _("kept: {record} {field}: {why}"), _("kept: {record}: {why}")
    return [
        of_a_field.format(**row | {"field": _column_label(row["record"], row["field"])})
        if row["field"]
        else whole.format(**row)
        for row in kept
    ]


def column_words(entity: str, key: str) -> str:
    """Return how people call a column of a kind of record."""
    field = next((field for field in fields_of(entity) if field.key == key), None)
    return field.label(current_language()) if field else word(key.removeprefix("extra."))


def _more(number: int) -> list[str]:
    return [_("and {number} more (--json lists all)").format(number=number - _SHOWN)] if number > _SHOWN else []


def _kept(kept: Kept) -> dict[str, str]:
    return {"record": kept.record, "field": kept.field, "why": str(kept.why)}


def _change(back: TakenBack) -> dict[str, Any]:
    return {"record": record_number(back.entity, back.record_id), "did": back.op, "fields": list(back.fields)}


def _in_words(back: TakenBack) -> str:
    number = record_number(back.entity, back.record_id)
    if back.op == "create":
        return _("taken out: {record}").format(record=number)
    if back.op == "remove":
        return _("put back: {record}").format(record=number)
    fields = enumerated(_column_label(number, field) for field in back.fields)
    return _("as before: {record} {fields}").format(record=number, fields=fields)


def _column_label(record: str, column: str) -> str:
    entity = (parse_number(record) or ("",))[0]
    key = column.removesuffix("_fen").removesuffix("_id")
    return column_words(entity, {"external_ids": "external_id"}.get(column, key))
