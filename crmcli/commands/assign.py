"""`assign`: owners by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.shell import Shell, command, finish, group
from crmcli.domain.records import record_number
from crmcli.errors import ExitCode
from crmcli.i18n import _

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.domain.assignment.model import Decision


def add(app: typer.Typer) -> None:
    """Add `assign run|explain`."""
    assign = group(_("Give opportunities their owners by the rules in crm.toml."))
    app.add_typer(assign, name="assign")

    @command(assign, "run", _("Assign every open opportunity that has no owner."), writes=True, timed=True)
    def run(
        shell: Shell,
        reassign: Annotated[bool, typer.Option("--reassign", help=_("those that have an owner too"))] = False,
    ) -> None:
        from crmcli.jobs.assign_opportunities import assign_opportunities

        with shell.workspace() as workspace:
            done = assign_opportunities(workspace, reassign=reassign, dry_run=shell.dry_run)
        for name in done.unknown_owners:
            shell.note(
                _("{name} owns opportunities and is known neither to crm.toml nor as an owner").format(name=name)
            )
        for note in done.notes:
            shell.note(note)
        words = _("{considered} considered, {assigned} assigned, {unassigned} without an owner")
        assigned = len(done.decisions) - done.unassigned
        line = words.format(considered=len(done.decisions), assigned=assigned, unassigned=done.unassigned)
        document: dict[str, Any] = {"run": done.run, "considered": len(done.decisions), "assigned": assigned}
        document |= {"unassigned": done.unassigned, "by_owner": done.by_owner}
        document |= {"items": [_item(decision) for decision in done.decisions]}
        document |= {"unknown_owners": list(done.unknown_owners), "notes": [str(note) for note in done.notes]}
        shell.show(document, _table(done.decisions), line, *_shares(done.by_owner))
        if done.unassigned:
            finish(ExitCode.ATTENTION)

    @command(assign, "explain", _("Say why an opportunity has the owner it has."), timed=True)
    def explain(
        shell: Shell, ref: Annotated[str, typer.Argument(help=_("a number (O7), an id or an unambiguous name"))]
    ) -> None:
        from crmcli.jobs.explain_assignment import explain_assignment

        with shell.workspace() as workspace:
            told = explain_assignment(workspace, ref)
        shell.show(told, *(line for line in told["sentences"]))


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
        "passed": [{"rule": skip.name, "why": str(skip.why)} for skip in decision.passed],
        "deputy_for": decision.deputy_for,
    }


def _table(decisions: tuple[Decision, ...]) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("opportunity"), _("owner"), _("rule"), _("why"), _("passed over")):
        table.add_column(title, overflow="fold")
    for decision in decisions:
        skipped = "; ".join(f"{skip.name}: {skip.why}" for skip in decision.skipped)
        number = record_number("opportunity", decision.opportunity)
        owner = decision.owner or decision.pool or ""
        table.add_row(number, owner, decision.rule, str(decision.reason), skipped)
    return table


def _shares(by_owner: dict[str, int]) -> list[str]:
    return [f"  {owner}: {number}" for owner, number in by_owner.items()]
