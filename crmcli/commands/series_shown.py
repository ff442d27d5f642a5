"""How a series' result is shown: JSON for scripts, tables for people."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.commands.import_shown import sheet_name, workbooks_shown
from crmcli.commands.written import undo_lines
from crmcli.domain.fields import catalogue
from crmcli.domain.series import VALUES
from crmcli.domain.words import word
from crmcli.i18n import _, current_language, enumerated
from crmcli.jobs.importing.context import OUTCOMES

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crmcli.jobs.series.read_series import ReadVersion, SeriesResult

_FIELDS = ("stage", *(key.removesuffix("_fen") for key in VALUES))
_SHOWN = 20


def series_document(result: SeriesResult) -> dict[str, Any]:
    """Return the JSON document of `series`."""
    return {
        "run": result.run,
        "dry_run": result.dry_run,
        "versions": [_version(version) for version in result.versions],
        "events": {field: result.outcome.written[field] for field in _FIELDS},
        "redated": result.outcome.moved,
        "withdrawn": result.outcome.removed,
        "disappeared": [asdict(one) for one in result.disappeared],
        "held_back": [
            {"file": one.file, "sheet": one.sheet, "row": one.row, "code": one.code, "message": str(one.message)}
            for one in result.rejections
        ],
        "remarks": [str(remark) for remark in result.remarks],
        "notes": [str(note) for note in result.notes],
        "left_out": _left_out(result),
        "rejects": str(result.rejects) if result.rejects else None,
        "conflicts": str(result.conflicts) if result.conflicts else None,
        "words": str(result.words) if result.words else None,
        "listed": result.listed,
    }


def _version(version: ReadVersion) -> dict[str, Any]:
    planned, tally = version.result.planned, version.result.tally
    return {
        "file": planned.sheet.file,
        "sheet": planned.sheet.name,
        "date": version.day,
        "source": planned.system,
        "read": planned.read,
        **{outcome: tally.counts[outcome] for outcome in OUTCOMES},
        "listed": len(version.listed),
    }


def _left_out(result: SeriesResult) -> list[dict[str, str]]:
    from crmcli.jobs.series.versions import NOT_A_VERSION

    sheets = [(other.sheet.file, other.sheet.name, other.left_out or NOT_A_VERSION) for other in result.others]
    files = [(str(path), "", failure.message) for path, failure in result.unread]
    return [{"file": file, "sheet": sheet, "why": str(why)} for file, sheet, why in sheets + files]


def series_tables(result: SeriesResult) -> list[RenderableType]:
    """Return what people read: the versions, the events, then what somebody should look at."""
    shown: list[RenderableType] = [_versions(result), _events(result)]
    shown += [f"  · {note}" for note in result.notes]
    shown += [_("left out: {why}").format(why=f"{Path(one['file']).name}: {one['why']}") for one in _left_out(result)]
    if result.disappeared:
        shown.append(_gone(result))
    shown += _remarks(result)
    if result.rejects:
        shown.append(_("rows to fix and bring back: {path}").format(path=result.rejects))
        shown.append(_("bring them back with: crmcli series {path}").format(path=result.rejects))
    shown += workbooks_shown(result.conflicts, result.words)
    shown += undo_lines(result.run)
    return shown


def _versions(result: SeriesResult) -> RenderableType:
    from rich.table import Table

    about = _("the versions, oldest first")
    table = Table(title=about)
    titles = [_("day"), _("file"), _("read"), *(word(outcome) for outcome in OUTCOMES), _("listed")]
    for place, title in enumerate(titles):
        table.add_column(title, justify="left" if place < 2 else "right", overflow="fold")  # noqa: PLR2004
    for version in result.versions:
        planned, counts = version.result.planned, version.result.tally.counts
        numbers = [planned.read, *(counts[outcome] for outcome in OUTCOMES), len(version.listed)]
        table.add_row(version.day, sheet_name(planned.sheet), *(str(number) for number in numbers))
    return table


def _events(result: SeriesResult) -> str:
    labels = {field: catalogue()[f"opportunity.{field}"].label(current_language()) for field in _FIELDS}
    written = [f"{label} {result.outcome.written[field]}" for field, label in labels.items()]
    words = _("events written: {events}; dated anew: {redated}; withdrawn: {withdrawn}")
    outcome = result.outcome
    return words.format(events=enumerated(written), redated=outcome.moved, withdrawn=outcome.removed)


def _gone(result: SeriesResult) -> RenderableType:
    from rich.table import Table

    count = len(result.disappeared)
    title = _("{number} open opportunities are not in the newest version; nothing is concluded from that")
    caption = _("the first {shown}; --json lists all").format(shown=_SHOWN) if count > _SHOWN else None
    table = Table(title=title.format(number=count), caption=caption)
    for heading in (_("opportunity"), _("name"), _("customer"), _("stage"), _("last seen")):
        table.add_column(heading, overflow="fold")
    for one in result.disappeared[:_SHOWN]:
        table.add_row(one.opportunity, one.name or one.external_id, one.customer, one.stage, one.last_seen)
    return table


def _remarks(result: SeriesResult) -> list[RenderableType]:
    lines = [str(remark) for remark in result.remarks]
    held = Counter((Path(one.file).name, str(one.message)) for one in result.rejections)
    lines += [
        _("{file}: {number} rows held back: {why}").format(file=file, number=number, why=why)
        for (file, why), number in sorted(held.items())
    ]
    seen = Counter((one.code, str(one.message)) for version in result.versions for one in version.listed)
    lines += [
        _("{number} × {message}").format(number=number, message=message) for (_code, message), number in seen.items()
    ]
    more = [_("and {number} more (--json lists all)").format(number=len(lines) - _SHOWN)] if len(lines) > _SHOWN else []
    return [f"  · {line}" for line in lines[:_SHOWN] + more]
