"""A report's notes as readers see them: what is true of several tables is said once, the most important first."""

from __future__ import annotations

from crmcli.i18n import _
from crmcli.reports.model import Report

FELL = "conversion_fell"
"""The code of the notes on stages whose conversion fell."""
_ORDER = (FELL, "immature_cohort", "undated_closings", "undated_losses", "unplaced", "missing_reasons")
"""Codes of notes: what went wrong in the sales, what makes rates wrong, what makes them coarse; then all others."""


def warnings(report: Report, limit: int | None = None) -> list[str]:
    """Return one line a note after the titles of its tables; at most `limit` lines, the last saying how many more."""
    titles: dict[tuple[str, str], list[str]] = {}
    for note in report.section.notes:
        titles.setdefault((note.code, str(note.text)), []).append(str(report.table(note.table).title))
    ordered = sorted(titles, key=lambda said: _ORDER.index(said[0]) if said[0] in _ORDER else len(_ORDER))
    lines = [_("{name}: {note}").format(name=_(", ").join(titles[said]), note=said[1]) for said in ordered]
    if limit is None or len(lines) <= limit:
        return lines
    shown = lines[: limit - 1]
    return [*shown, _("and {n} more, see the tables").format(n=len(lines) - len(shown))]
