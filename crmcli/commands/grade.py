"""`grade`: how good the open opportunities are, by points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.shell import Shell, command, group
from crmcli.commands.written import undo_lines
from crmcli.domain.records import record_number
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.jobs.assigning.grading import GradedDeal, Grading

_ROWS = 500  # deals that people are shown at most


def add(app: typer.Typer) -> None:
    """Add `grade run|explain`."""
    grade = group(_("Grade opportunities A, B or C by the points in crm.toml."))
    app.add_typer(grade, name="grade")

    @command(grade, "run", _("Grade every open opportunity; what a person graded stays."), writes=True, timed=True)
    def run(
        shell: Shell,
        regrade: Annotated[bool, typer.Option("--regrade", help=_("what a person or a file graded too"))] = False,
    ) -> None:
        from crmcli.jobs.assigning.grading import grade_opportunities

        with shell.workspace() as workspace:
            done = grade_opportunities(workspace, regrade=regrade, dry_run=shell.dry_run)
        for note in done.notes:
            shell.note(note)
        if shell.json:
            shell.show(_document(done))
        else:
            changed = [deal for deal in done.deals if deal.changes]
            shell.show(None, *([_table(changed[:_ROWS])] if changed else []), *_summary(done, len(changed)))

    @command(grade, "explain", _("Say why an opportunity has the grade it has."), timed=True)
    def explain(
        shell: Shell, ref: Annotated[str, typer.Argument(help=_("a number (O7), an id or an unambiguous name"))]
    ) -> None:
        from crmcli.jobs.assigning.grading import explain_grade

        with shell.workspace() as workspace:
            told = explain_grade(workspace, ref)
        shell.show(told, *told["sentences"])


def _document(done: Grading) -> dict[str, Any]:
    return {
        "run": done.run,
        "considered": len(done.deals),
        "changed": done.changed,
        "by_grade": done.by_grade,
        "items": [_item(deal) for deal in done.deals],
        "notes": [str(note) for note in done.notes],
    }


def _item(deal: GradedDeal) -> dict[str, Any]:
    return {
        "opportunity": record_number("opportunity", deal.opportunity),
        "grade": deal.grade,
        "was": deal.was,
        "points": deal.by_points.points,
        "reasons": [{"rule": rule.name, "points": rule.points} for rule in deal.by_points.given],
        "kept": deal.kept,
    }


def _table(deals: Sequence[GradedDeal]) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("opportunity"), _("grade"), _("before"), _("points"), _("why")):
        table.add_column(title, overflow="fold")
    for deal in deals:
        why = enumerated(f"{rule.points:+} {rule.name}" for rule in deal.by_points.given)
        number = record_number("opportunity", deal.opportunity)
        table.add_row(number, deal.grade, deal.was or "", str(deal.by_points.points), why)
    return table


def _summary(done: Grading, changed: int) -> list[str]:
    lines = [_("and {number} more (--json lists all)").format(number=changed - _ROWS)] if changed > _ROWS else []
    words = _("{considered} considered, {changed} changed, {kept} kept as a person or a file graded them")
    kept = sum(deal.kept for deal in done.deals)
    lines.append(words.format(considered=len(done.deals), changed=changed, kept=kept))
    lines += [f"  {grade}: {number}" for grade, number in done.by_grade.items()]
    return lines + undo_lines(done.run)
