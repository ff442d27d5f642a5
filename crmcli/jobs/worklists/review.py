"""The workbook of a week's closed deals (复盘): how each went, and cells for what is learnt from it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from crmcli.domain.metrics.period import Period
from crmcli.domain.records import Record
from crmcli.domain.stage_history import ENDS
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.jobs.deals.stages import present_deals
from crmcli.jobs.vocabulary import loss_reasons
from crmcli.jobs.worklists.timeline import courses, in_words
from crmcli.jobs.worklists.writing import REASONS, Written, customer_names, work_row
from crmcli.jobs.workspace import Workspace
from crmcli.reports.decisions import REVIEW_HEADER
from crmcli.store.records import fetch_where

_CLOSED = "status IN ('won', 'lost', 'void') AND substr(closed_at, 1, 10) >= ? AND substr(closed_at, 1, 10) < ?"
_WEEK = timedelta(7)


def last_week(workspace: Workspace) -> Period:
    """Return the last complete week, from Monday up to but without the next Monday."""
    today = date.fromisoformat(workspace.now()[:10])
    monday = today - timedelta(today.weekday())
    return Period(monday - _WEEK, monday)


def write_review(workspace: Workspace, path: Path, period: Period | None = None, owner: str = "") -> Written:
    """Return the workbook of the deals that were closed in a period, by default the last complete week.

    `owner`: only the deals of this person.

    Raises:
        FileNotWritten: the file cannot be written.
    """
    from crmcli.reports.excel.worklist import WorkBook, write_work

    deals = _closed_deals(workspace, period or last_week(workspace))
    if owner:
        deals = [deal for deal in deals if fold(deal["owner"] or "") == fold(owner)]
    told, names, now = courses(workspace, deals), customer_names(workspace), workspace.now()
    home = workspace.settings.workspace.currency
    rows = []
    for deal in deals:
        cells = deal | {
            "customer": names.get(deal["customer_id"]),
            "outcome": deal["stage"],
            "timeline": in_words(told[deal["id"]]),
        }
        lost = deal["status"] == "lost"
        choices, closed = ({"loss_reason": REASONS}, ()) if lost else ({}, ("loss_reason",))
        rows.append(work_row(REVIEW_HEADER, cells, "", now, choices=choices, home=home, closed=closed))
    lists = {REASONS: loss_reasons(workspace).reasons}
    write_work(path, WorkBook(REVIEW_HEADER, {str(msg("Closed deals")): rows}, lists, _terms()))
    return Written(None, path, len(rows))


def _closed_deals(workspace: Workspace, period: Period) -> list[Record]:
    """Return the deals that were closed in a period, by end, then by day."""
    first, end = period.start or date.min, period.end or date.max
    found = fetch_where(workspace.db, "opportunity", _CLOSED, (first.isoformat(), end.isoformat()))
    now = [deal for deal in present_deals(workspace.db, found, workspace.now()) if deal["status"] in ENDS]
    return sorted(now, key=lambda deal: (ENDS.index(deal["status"]), deal["closed_at"], deal["id"]))


def _terms() -> list[tuple[str, str]]:
    told = (
        (msg("Yellow cells"), msg("Fill these in. Grey cells only tell; what is written there is not taken back.")),
        (msg("Loss reason"), msg("Choose why it was lost; an empty one counts as 未填 in every report.")),
        (msg("Conclusion"), msg("What is to be done again, or never again. It is kept with the deal.")),
        (msg("Back"), msg("Taken back with `crmcli apply FILE`: only cells that you changed count. What somebody else "
                          "changed meanwhile is not overwritten: both go to a sheet of conflicts.")),
    )  # fmt: skip
    return [(str(term), str(sentence)) for term, sentence in told]
