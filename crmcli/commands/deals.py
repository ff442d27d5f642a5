"""`opp move|win|lose|void|reopen` and `log`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.checklist import add_tick
from crmcli.commands.days import time_ahead, time_of
from crmcli.commands.shell import Shell, command
from crmcli.commands.written import undo_lines
from crmcli.domain.words import word
from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.jobs.workspace import Workspace

Ref = Annotated[str, typer.Argument(help=_("a number (O7), an id or an unambiguous name"))]
At = Annotated[str | None, typer.Option("--at", metavar=_("TIME"), help=_("when it happened, if not now"))]
Force = Annotated[bool, typer.Option("--force", help=_("pass a closed gate; needs --because"))]
Because = Annotated[str, typer.Option(help=_("why; kept in the history"))]


def add_moves(opp: typer.Typer) -> None:
    """Add what a person does to an opportunity."""

    @command(opp, "move", _("Move it to a stage; refused with all that is missing."), writes=True, timed=True)
    def move(
        shell: Shell,
        ref: Ref,
        stage: Annotated[str, typer.Argument(help=_("the stage's name"))],
        pipeline: Annotated[str, typer.Option(help=_("into another pipeline: its key or name"))] = "",
        force: Force = False,
        because: Because = "",
        at: At = None,
    ) -> None:
        from crmcli.jobs.deals.gates import Passing
        from crmcli.jobs.deals.moves import move_deal

        def act(workspace: Workspace) -> dict[str, Any]:
            passing, when = Passing(force, because), time_of(workspace, at)
            return move_deal(workspace, ref, stage, passing=passing, pipeline=pipeline, at=when, dry_run=shell.dry_run)

        _run(shell, act, at)

    @command(opp, "win", _("Close it as won; refused with all that is missing."), writes=True, timed=True)
    def win(shell: Shell, ref: Ref, force: Force = False, because: Because = "", at: At = None) -> None:
        from crmcli.jobs.deals.gates import Passing
        from crmcli.jobs.deals.moves import win_deal

        passing = Passing(force, because)
        _run(shell, lambda w: win_deal(w, ref, passing=passing, at=time_of(w, at), dry_run=shell.dry_run), at)

    @command(opp, "lose", _("Close it as lost; a reason of the list is needed."), writes=True, timed=True)
    def lose(
        shell: Shell,
        ref: Ref,
        reason: Annotated[str, typer.Option(help=_("one of the loss reasons in crm.toml"))] = "",
        note: Annotated[str, typer.Option(help=_("more about it"))] = "",
        at: At = None,
    ) -> None:
        from crmcli.jobs.deals.moves import lose_deal

        _run(shell, lambda w: lose_deal(w, ref, reason, note=note, at=time_of(w, at), dry_run=shell.dry_run), at)

    _add_void_and_reopen(opp)
    add_tick(opp)


def _add_void_and_reopen(opp: typer.Typer) -> None:
    @command(opp, "void", _("Close it as void: a duplicate, a test, never real."), writes=True, timed=True)
    def void(
        shell: Shell, ref: Ref, note: Annotated[str, typer.Option(help=_("more about it"))] = "", at: At = None
    ) -> None:
        from crmcli.jobs.deals.moves import void_deal

        _run(shell, lambda w: void_deal(w, ref, note=note, at=time_of(w, at), dry_run=shell.dry_run), at)

    @command(opp, "reopen", _("Open a closed one again."), writes=True, timed=True)
    def reopen(
        shell: Shell,
        ref: Ref,
        stage: Annotated[str, typer.Option(help=_("the stage it goes back to"))] = "",
        at: At = None,
    ) -> None:
        from crmcli.jobs.deals.moves import reopen_deal

        _run(shell, lambda w: reopen_deal(w, ref, stage=stage, at=time_of(w, at), dry_run=shell.dry_run), at)


def add(app: typer.Typer) -> None:
    """Add `log`."""

    @command(app, "log", _("Note a follow-up."), writes=True, timed=True)
    def log(
        shell: Shell,
        ref: Annotated[str, typer.Argument(help=_("a number (C12), an id, a phone or a name"))],
        text: Annotated[str, typer.Argument(help=_("what happened"))],
        kind: Annotated[str, typer.Option("--type", help=_("call, visit, WeChat ..."))] = "",
        at: At = None,
        next_at: Annotated[
            str | None, typer.Option("--next", metavar=_("DATE"), help=_("the day to go on: 2026-03-05, 明天, +3d"))
        ] = None,
        action: Annotated[str, typer.Option(help=_("what to do then"))] = "",
    ) -> None:
        from crmcli.jobs.logging_activity import log_activity

        with shell.workspace() as workspace:
            when, day = time_of(workspace, at), time_ahead(workspace, "--next", next_at)
            made = log_activity(
                workspace, ref, text, kind=kind, at=when, next_at=day, action=action, dry_run=shell.dry_run
            )
        shell.show(
            made,
            _("noted {number} on {about}").format(number=made["id"], about=made["about"]),
            *undo_lines(made["run"]),
        )


def _run(shell: Shell, act: Callable[[Workspace], dict[str, Any]], at: str | None) -> None:
    with shell.workspace() as workspace:
        deal = act(workspace)
        when, now = time_of(workspace, at), workspace.now()
    if when and when > now:
        shell.note(_("this lies ahead: it counts from {at} on").format(at=when))
    words = _("{number} {name}: {stage} ({status})")
    stage, status = deal["stage"] or _("no stage"), word(deal["status"])
    shown = words.format(number=deal["id"], name=deal["name"] or "", stage=stage, status=status)
    task = _("task {id} for {owner} until {due}: {title}")
    tasks = [task.format(**one | {"owner": one["owner"] or "?"}) for one in deal["tasks"]]
    left = _("task {id} stays open, nobody is reminded of it any more: {title}")
    tasks += [left.format(**one) for one in deal["left"]]
    shell.show(deal, shown, *tasks, *undo_lines(deal["run"]))
