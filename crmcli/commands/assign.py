"""`assign`: owners by rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.assign_backtest import add_backtest
from crmcli.commands.shell import Shell, command, finish, group
from crmcli.commands.written import undo_lines
from crmcli.domain.records import record_number
from crmcli.domain.words import labelled, rule_name
from crmcli.errors import ExitCode
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.domain.assignment.model import Decision
    from crmcli.jobs.assigning.assign import Assignment

_ROWS = 500  # deals that people are shown at most
_NAMES = 5


def add(app: typer.Typer) -> None:
    """Add `assign run|explain|backtest`."""
    assign = group(_("Give opportunities their owners by the rules in crm.toml."))
    app.add_typer(assign, name="assign")

    @command(assign, "run", _("Assign every open opportunity that has no owner."), writes=True, timed=True)
    def run(
        shell: Shell,
        reassign: Annotated[bool, typer.Option("--reassign", help=_("those that have an owner too"))] = False,
    ) -> None:
        from crmcli.jobs.assigning.assign import assign_opportunities

        with shell.workspace() as workspace:
            done = assign_opportunities(workspace, reassign=reassign, dry_run=shell.dry_run)
        for name in done.unknown_owners:
            shell.note(
                _("{name} owns opportunities and is known neither to crm.toml nor as an owner").format(name=name)
            )
        for note in done.notes:
            shell.note(note)
        if shell.json:
            shell.show(_document(done))
        else:
            shell.show(None, _table(done.decisions[:_ROWS]), *_summary(done))
        if done.unassigned:
            finish(ExitCode.ATTENTION)

    @command(assign, "explain", _("Say why an opportunity has the owner it has."), timed=True)
    def explain(
        shell: Shell, ref: Annotated[str, typer.Argument(help=_("a number (O7), an id or an unambiguous name"))]
    ) -> None:
        from crmcli.jobs.assigning.explain import explain_assignment

        with shell.workspace() as workspace:
            told = explain_assignment(workspace, ref)
        shell.show(told, *(line for line in told["sentences"]))

    add_backtest(assign)


def _document(done: Assignment) -> dict[str, Any]:
    return {
        "run": done.run,
        "considered": len(done.decisions),
        "assigned": len(done.decisions) - done.unassigned,
        "unassigned": done.unassigned,
        "by_owner": done.by_owner,
        "items": [_item(decision) for decision in done.decisions],
        "unknown_owners": list(done.unknown_owners),
        "notes": [str(note) for note in done.notes],
    }


def _item(decision: Decision) -> dict[str, Any]:
    skipped = [{"owner": skip.name, "why": str(skip.why)} for skip in decision.skipped]
    return {
        "opportunity": record_number("opportunity", decision.opportunity),
        "owner": decision.owner,
        "pool": decision.pool,
        "rule": decision.rule,
        "reason": str(decision.reason),
        "candidates": list(decision.candidates),
        "skipped": skipped,
        "passed": [{"rule": skip.name, "why": str(labelled(skip.why))} for skip in decision.passed],
        "deputy_for": decision.deputy_for,
        "was": decision.was,
    }


def _table(decisions: Sequence[Decision]) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("opportunity"), _("owner"), _("rule"), _("why"), _("candidates"), _("passed over")):
        table.add_column(title, overflow="fold")
    for decision in decisions:
        number = record_number("opportunity", decision.opportunity)
        passed = enumerated(f"{skip.name}: {labelled(skip.why)}" for skip in (*decision.passed, *decision.skipped))
        owner = decision.owner or decision.pool or ""
        candidates = enumerated(decision.candidates[:_NAMES])
        if len(decision.candidates) > _NAMES:
            candidates = _("{names} and {number} more").format(
                names=candidates, number=len(decision.candidates) - _NAMES
            )
        table.add_row(number, owner, rule_name(decision.rule), str(decision.reason), candidates, passed)
    return table


def _summary(done: Assignment) -> list[str]:
    considered = len(done.decisions)
    lines = [_("and {number} more (--json lists all)").format(number=considered - _ROWS)] if considered > _ROWS else []
    words = _("{considered} considered, {assigned} assigned, {unassigned} without an owner")
    assigned = considered - done.unassigned
    lines.append(words.format(considered=considered, assigned=assigned, unassigned=done.unassigned))
    lines += [f"  {owner}: {number}" for owner, number in done.by_owner.items()]
    return lines + undo_lines(done.run)
