"""`approval`: who was asked what, and who decided it, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.shell import Shell, command, group
from crmcli.commands.written import undo_lines
from crmcli.domain.words import word
from crmcli.i18n import _

if TYPE_CHECKING:
    from rich.table import Table

ApprovalRef = Annotated[str, typer.Argument(metavar="Q1", help=_("the approval's number"))]
As = Annotated[
    str, typer.Option("--as", metavar=_("WHO"), help=_("who decides (default: you); taken at your word, both are kept"))
]


def add(app: typer.Typer) -> None:
    """Add `approval request|approve|refuse|list`."""
    about = _(
        "Approvals on record: who asked, who decided, when and why. Only the approver, their deputy or manager decides,"
        " as far as a name tells: a command line cannot prove who sits before it."
    )
    approvals = group(about)
    app.add_typer(approvals, name="approval")
    _add_list(approvals)
    _add_request(approvals)
    _add_decisions(approvals)


def _add_list(approvals: typer.Typer) -> None:
    @command(approvals, "list", _("List them all, or those that wait."))
    def list_(
        shell: Shell,
        waiting: Annotated[bool, typer.Option("--open", help=_("only those that wait for a decision"))] = False,
        filters: Annotated[
            list[str] | None, typer.Option("--filter", help=_('a condition such as "approver = 王芳"; repeat for more'))
        ] = None,
        sort: Annotated[str, typer.Option(help=_("a field; -field for the other way round"))] = "",
        limit: Annotated[int | None, typer.Option(min=0, help=_("list no more than so many"))] = None,
    ) -> None:
        from crmcli.jobs.office.approvals import list_approvals

        with shell.workspace() as workspace:
            found = list_approvals(workspace, waiting=waiting, filters=filters or [], sort=sort, limit=limit)
        shell.show(found, _table(found), _("{number} approvals").format(number=len(found)))


def _add_request(approvals: typer.Typer) -> None:
    @command(approvals, "request", _("Ask for one: for something, or for entering a stage."), writes=True, timed=True)
    def request(
        shell: Shell,
        ref: Annotated[str, typer.Argument(help=_("a number (O7), an id or an unambiguous name"))],
        subject: Annotated[str, typer.Argument(help=_("what is to be approved (default: entering the stage)"))] = "",
        stage: Annotated[str, typer.Option("--stage", help=_("the stage that it opens"))] = "",
        approver: Annotated[
            str,
            typer.Option(
                "--approver", metavar=_("WHO"), help=_("who decides (default: whom the stage names, else the manager)")
            ),
        ] = "",
    ) -> None:
        from crmcli.jobs.office.approvals import request_approval

        with shell.workspace() as workspace:
            made = request_approval(workspace, ref, subject, stage=stage, approver=approver, dry_run=shell.dry_run)
        shell.show(made, _("approval {id} waits for {approver}: {subject}").format(**made), *undo_lines(made["run"]))


def _add_decisions(approvals: typer.Typer) -> None:
    @command(approvals, "approve", _("Allow what was asked."), writes=True, timed=True)
    def approve(
        shell: Shell,
        approval: ApprovalRef,
        note: Annotated[str, typer.Option("--note", help=_("more about it"))] = "",
        who: As = "",
    ) -> None:
        from crmcli.jobs.office.approvals import decide_approval

        with shell.workspace() as workspace:
            made = decide_approval(workspace, approval, "approved", note=note, who=who, dry_run=shell.dry_run)
        shell.show(made, _line(made), *undo_lines(made["run"]))

    @command(approvals, "refuse", _("Refuse what was asked, and say why."), writes=True, timed=True)
    def refuse(
        shell: Shell,
        approval: ApprovalRef,
        because: Annotated[str, typer.Option("--because", help=_("why; kept on record"))] = "",
        who: As = "",
    ) -> None:
        from crmcli.jobs.office.approvals import decide_approval

        with shell.workspace() as workspace:
            made = decide_approval(workspace, approval, "refused", note=because, who=who, dry_run=shell.dry_run)
        shell.show(made, _line(made), *undo_lines(made["run"]))


def _line(approval: dict[str, Any]) -> str:
    words = _("approval {id} {decision} by {decided_by}: {subject}")
    return words.format(**approval | {"decision": word(approval["decision"])})


def _table(found: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table()
    titles = (_("no."), _("subject"), _("opportunity"), _("stage"), _("approver"), _("asked"), _("decision"), _("why"))
    for title in titles:
        table.add_column(title, overflow="fold")
    for one in found:
        deal = f"{one['opportunity_id']} {one['opportunity'] or ''}"
        asked = f"{one['asked_at']} {one['asked_by']}"
        decided = _("waits")
        if one["decision"]:
            decided = f"{word(one['decision'])} {one['decided_at']} {one['decided_by']}"
        table.add_row(one["id"], one["subject"], deal, one["for_stage"], one["approver"], asked, decided, one["note"])
    return table
