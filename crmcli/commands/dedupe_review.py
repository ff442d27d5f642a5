"""`dedupe review` and `dedupe apply`: doubtful pairs to a workbook and back, or decided at the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import _, msg


class NoTerminal(CrmError):
    """Pairs are to be decided at a terminal, and there is none."""

    code = "usage.no_terminal"
    exit_code = ExitCode.USAGE

    def __init__(self) -> None:
        super().__init__(
            msg("there is no terminal to ask at: write a workbook with --out FILE.xlsx"),
            hint=msg("`crmcli dedupe review --out FILE.xlsx`, fill it in, then `crmcli dedupe apply FILE.xlsx`"),
        )


def add_review(dedupe: typer.Typer) -> None:
    """Add `dedupe review|apply`."""
    _add_review(dedupe)
    _add_apply(dedupe)


def _add_review(dedupe: typer.Typer) -> None:
    about = _("Decide the doubtful pairs: in a workbook (--out), or here, one key a decision.")

    @command(dedupe, "review", about)
    def review(
        shell: Shell, out: Annotated[Path | None, typer.Option("--out", help=_("the workbook to write"))] = None
    ) -> None:
        from crmcli.commands.review_screen import ask_at_terminal
        from crmcli.jobs.dedupe.review import review_workbook

        if out is None and (shell.json or shell.yes or not (sys.stdin.isatty() and sys.stdout.isatty())):
            raise NoTerminal
        with shell.workspace() as workspace:
            if out is None:
                ask_at_terminal(shell, workspace)
                return
            pairs = review_workbook(workspace, out)
        line = _("{pairs} pairs to decide in {path}").format(pairs=pairs, path=out)
        back = _("fill in the first column and take it back with: crmcli dedupe apply {path}").format(path=out)
        shell.show({"pairs": pairs, "out": str(out)}, line, *([back] if pairs else []))


def _add_apply(dedupe: typer.Typer) -> None:
    @command(dedupe, "apply", _("Take a review workbook back: decisions are remembered, the same merged."), writes=True)
    def apply_(shell: Shell, file: Annotated[Path, typer.Argument(help=_("the workbook, filled in"))]) -> None:
        from crmcli.commands.review_shown import apply_document, apply_lines
        from crmcli.jobs.dedupe.applying import apply_review
        from crmcli.jobs.returned import read_returned

        with shell.workspace() as workspace:
            done = apply_review(workspace, read_returned(file), dry_run=shell.dry_run)
        shell.show(apply_document(done), *apply_lines(done))
