"""`task`: what is to be done, by whom, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.days import day_ahead
from crmcli.commands.shell import Shell, command, group
from crmcli.commands.written import undo_lines
from crmcli.domain.words import word
from crmcli.i18n import _

if TYPE_CHECKING:
    from rich.table import Table

TaskRef = Annotated[str, typer.Argument(metavar="T3", help=_("the task's number"))]


def add(app: typer.Typer) -> None:
    """Add `task list|add|done|reopen`."""
    tasks = group(_("Tasks about opportunities, customers and contacts; stages make some by themselves."))
    app.add_typer(tasks, name="task")
    _add_list(tasks)
    _add_add(tasks)
    _add_done(tasks)


def _add_list(tasks: typer.Typer) -> None:
    @command(tasks, "list", _("List the open ones, the most urgent first."), timed=True)
    def list_(
        shell: Shell,
        owner: Annotated[str, typer.Option("--owner", metavar=_("WHO"), help=_("only this person's"))] = "",
        due: Annotated[
            str | None, typer.Option("--due", metavar=_("DAY"), help=_("only those due by then: 2026-03-05, 今天, +7d"))
        ] = None,
        done_too: Annotated[bool, typer.Option("--all", help=_("those that are done too"))] = False,
        filters: Annotated[
            list[str] | None, typer.Option("--filter", help=_('a condition such as "owner = 张伟"; repeat for more'))
        ] = None,
        sort: Annotated[str, typer.Option(help=_("a field; -field for the other way round"))] = "",
        limit: Annotated[int | None, typer.Option(min=0, help=_("list no more than so many"))] = None,
    ) -> None:
        from crmcli.jobs.office.tasks import list_tasks

        with shell.workspace() as workspace:
            until = day_ahead(workspace, "--due", due)
            found = list_tasks(workspace, owner=owner, until=until, done_too=done_too, filters=filters or [], sort=sort,
                               limit=limit)  # fmt: skip
        shell.show(found, _table(found), _("{number} tasks").format(number=len(found)))


def _add_add(tasks: typer.Typer) -> None:
    @command(tasks, "add", _("Add one to an opportunity, a customer or a contact."), writes=True, timed=True)
    def add_(
        shell: Shell,
        ref: Annotated[str, typer.Argument(help=_("a number (O7, C12, P3), an id or an unambiguous name"))],
        title: Annotated[str, typer.Argument(help=_("what is to be done"))],
        owner: Annotated[
            str, typer.Option("--owner", metavar=_("WHO"), help=_("whose it is (default: who has the record)"))
        ] = "",
        due: Annotated[
            str | None, typer.Option("--due", metavar=_("DAY"), help=_("until when: 2026-03-05, 明天, +3d"))
        ] = None,
    ) -> None:
        from crmcli.jobs.office.tasks import add_task

        with shell.workspace() as workspace:
            day = day_ahead(workspace, "--due", due)
            made = add_task(workspace, ref, title, owner=owner, due=day, dry_run=shell.dry_run)
        shell.show(made, _line(made), *undo_lines(made["run"]))


def _add_done(tasks: typer.Typer) -> None:
    @command(tasks, "done", _("Say that one is done; its result becomes a follow-up."), writes=True, timed=True)
    def done(
        shell: Shell, task: TaskRef, result: Annotated[str, typer.Option("--result", help=_("what came of it"))] = ""
    ) -> None:
        from crmcli.jobs.office.tasks import finish_task

        with shell.workspace() as workspace:
            made = finish_task(workspace, task, result=result, dry_run=shell.dry_run)
        noted = _("noted as {activity}").format(activity=made["activity"])
        shell.show(made, _line(made), *([noted] if made["activity"] else []), *undo_lines(made["run"]))

    @command(tasks, "reopen", _("Open one again that was done."), writes=True, timed=True)
    def reopen(shell: Shell, task: TaskRef) -> None:
        from crmcli.jobs.office.tasks import reopen_task

        with shell.workspace() as workspace:
            made = reopen_task(workspace, task, dry_run=shell.dry_run)
        shell.show(made, _line(made), *undo_lines(made["run"]))


def _line(task: dict[str, Any]) -> str:
    words = _("task {id} for {owner} until {due}: {title} ({status})")
    shown = {"owner": task["owner"] or "?", "due": task["due"] or "?", "status": word(task["status"])}
    return words.format(**task | shown)


def _table(found: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("no."), _("task"), _("owner"), _("due"), _("days late"), _("about"), _("status"), _("result")):
        table.add_column(title, overflow="fold")
    for task in found:
        late = str(task["days_late"] or "")
        about = next((f"{task[f'{key}_id']} {task[key] or ''}" for key in ("opportunity", "contact", "customer")
                      if task[f"{key}_id"]), "")  # fmt: skip
        due, result = task["due"] or "", task["result"] or ""
        table.add_row(task["id"], task["title"], task["owner"], due, late, about, word(task["status"]), result)
    return table
