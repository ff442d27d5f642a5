"""`run`: the rounds that cron starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.shell import Shell, command, finish, group
from crmcli.domain.words import word
from crmcli.errors import ExitCode
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from crmcli.jobs.rounds.model import Done, RoundResult, StepResult

Again = Annotated[bool, typer.Option("--again", help=_("repeat the steps that were done already"))]


_TAKES = ("pool",)  # what takes customers from people: told where it took any
_WEEKLY = ("report", "worklists", "conclusions")  # what a week's round is for: its files are told


def add(app: typer.Typer) -> None:
    """Add `run daily|weekly`."""
    rounds = group(_("The rounds that cron starts: each step once, the rest after an interruption."))
    app.add_typer(rounds, name="run")

    @command(
        rounds,
        "daily",
        _("Backup, grades, owners, pools, reminders, snapshot; silent if all is well."),
        writes=True,
        timed=True,
    )
    def daily(shell: Shell, again: Again = False) -> None:
        from crmcli.jobs.rounds.daily import run_daily
        from crmcli.jobs.rounds.rehearsal import rehearse_daily

        with shell.workspace() as workspace:
            result = (rehearse_daily if shell.dry_run else run_daily)(workspace, again=again)
        _tell(shell, result)

    @command(
        rounds,
        "weekly",
        _("The weekly workbook, everybody's worklist, closed deals to review."),
        timed=True,
    )
    def weekly(shell: Shell, again: Again = False) -> None:
        from crmcli.jobs.rounds.weekly import run_weekly

        with shell.workspace() as workspace:
            result = run_weekly(workspace, again=again)
        _tell(shell, result)


def _tell(shell: Shell, result: RoundResult) -> None:
    """Show what somebody should know, and nothing where there is nothing: cron mails every line."""
    lines = [line for step in result.steps for line in _lines(step, every=result.dry_run)]
    if shell.json or lines:
        shell.show(result.document(), *lines)
    if result.exit_code != ExitCode.OK:
        finish(result.exit_code)


def _lines(result: StepResult, *, every: bool) -> Iterator[str]:
    name = word(result.step)
    if result.state == "failed":
        yield _("{step} failed: {why}").format(step=name, why=result.why)
    elif result.state == "left":
        yield _("{step} left out, for a step before it failed").format(step=name)
    elif result.state == "done" and (every or _is_told(result)):
        yield _("{step}: {told}").format(step=name, told=_told(result.done) or _("nothing to tell"))
        yield from (f"  {note}" for note in result.done.notes)


def _is_told(result: StepResult) -> bool:
    done = result.done
    took = result.step in _TAKES and bool(done.counts.get("fallen"))
    return took or done.attention or done.due or result.step in _WEEKLY


def _told(done: Done) -> str:
    counts = [f"{word(key)} {number}" for key, number in done.counts.items() if number]
    return enumerated([*counts, *(str(path) for path in done.files)])
