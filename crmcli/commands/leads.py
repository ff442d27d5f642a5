"""`lead qualify|disqualify|reopen`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crmcli.commands.shell import Shell, command
from crmcli.commands.written import undo_lines
from crmcli.i18n import _

Ref = Annotated[str, typer.Argument(help=_("a number (L3), an id, a phone or a name"))]


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

    @command(leads, "disqualify", _("Close it; a reason of the list is needed."), writes=True, timed=True)
    def disqualify(
        shell: Shell, ref: Ref, reason: Annotated[str, typer.Option(help=_("one of [lead] reasons in crm.toml"))] = ""
    ) -> None:
        from crmcli.jobs.leads.decided import disqualify_lead, told_of

        with shell.workspace() as workspace:
            lead = disqualify_lead(workspace, ref, reason, dry_run=shell.dry_run)
        shell.show(lead, str(told_of(lead)), *undo_lines(lead["run"]))

    @command(leads, "reopen", _("Take up a lead again that was decided on."), writes=True, timed=True)
    def reopen(shell: Shell, ref: Ref) -> None:
        from crmcli.jobs.leads.decided import reopen_lead, told_of

        with shell.workspace() as workspace:
            lead = reopen_lead(workspace, ref, dry_run=shell.dry_run)
        shell.show(lead, str(told_of(lead)), *undo_lines(lead["run"]))


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
