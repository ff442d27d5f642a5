"""`lead qualify|disqualify|reopen`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crmcli.commands.shell import Shell, command
from crmcli.commands.written import undo_lines
from crmcli.i18n import _

Ref = Annotated[str, typer.Argument(help=_("a number (L3), an id, a phone or a name"))]


Refs = Annotated[
    list[str], typer.Argument(metavar="REF...", help=_("numbers (L3 L4), ids, phones or names; all of them or none"))
]


def add_decisions(leads: typer.Typer) -> None:
    """Add what a person decides on a lead."""

    @command(leads, "qualify", _("Make customer, contact and opportunity of it."), writes=True, timed=True)
    def qualify(
        shell: Shell,
        ref: Ref,
        customer: Annotated[str, typer.Option(help=_("the customer that it belongs to, if it is there"))] = "",
        opportunity: Annotated[str, typer.Option(help=_("the opportunity's name; else the customer's"))] = "",
        amount: Annotated[str, typer.Option(help=_("the opportunity's amount"))] = "",
        owner: Annotated[str, typer.Option(help=_("who gets it, if not the lead's owner"))] = "",
        none: Annotated[bool, typer.Option("--no-opportunity", help=_("customer and contact only"))] = False,
    ) -> None:
        from crmcli.jobs.leads.qualify import Wanted, qualify_lead

        wanted = Wanted(customer, opportunity, amount, owner, has_opportunity=not none)
        with shell.workspace() as workspace:
            made = qualify_lead(workspace, ref, wanted, dry_run=shell.dry_run)
        shell.show(made, *_lines(made))

    @command(leads, "disqualify", _("Close leads; a reason of the list is needed."), writes=True, timed=True)
    def disqualify(
        shell: Shell, refs: Refs, reason: Annotated[str, typer.Option(help=_("one of [lead] reasons in crm.toml"))] = ""
    ) -> None:
        from crmcli.jobs.leads.decided import disqualify_leads

        with shell.workspace() as workspace:
            closed = disqualify_leads(workspace, refs, reason, dry_run=shell.dry_run)
        _show_decided(shell, closed)

    @command(leads, "reopen", _("Take up leads again that were decided on."), writes=True, timed=True)
    def reopen(shell: Shell, refs: Refs) -> None:
        from crmcli.jobs.leads.decided import reopen_leads

        with shell.workspace() as workspace:
            opened = reopen_leads(workspace, refs, dry_run=shell.dry_run)
        _show_decided(shell, opened)


def _show_decided(shell: Shell, decided: list[dict[str, Any]]) -> None:
    """Show leads after a decision; as JSON one is itself, several are a list under `leads`."""
    from crmcli.jobs.leads.decided import told_of

    run = decided[0]["run"]
    document = decided[0] if len(decided) == 1 else {"run": run, "leads": decided}
    shell.show(document, *(str(told_of(lead)) for lead in decided), *undo_lines(run))


def _lines(made: dict[str, Any]) -> list[str]:
    """Return what people are told of a qualified lead."""
    lines = [_told(made[kind]) for kind in ("customer", "contact", "opportunity") if made[kind]]
    if made["follow_ups"]:
        lines.append(_("{number} follow-ups moved along").format(number=made["follow_ups"]))
    lines += made["notes"]
    lines += [
        _("{number} {name} may be the same customer: noted for crmcli dedupe review").format(
            number=one["id"], name=one["name"]
        )
        for one in made["alike"]
    ]
    return lines + undo_lines(made["run"])


def _told(record: dict[str, Any]) -> str:
    words = _("{number} {name}: new") if record["made"] else _("{number} {name}: was there already")
    return words.format(number=record["id"], name=record["name"] or "")
