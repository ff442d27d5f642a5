"""`dedupe alias`: the short names that people write and the full names that they mean."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.i18n import _

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.jobs.dedupe.aliases import Alias, AliasResult
    from crmcli.jobs.workspace import Workspace


def add_alias(dedupe: typer.Typer) -> None:
    """Add `dedupe alias`."""

    @command(dedupe, "alias", _("Say that a short name means a full one; without names, list them."), writes=True)
    def alias(
        shell: Shell,
        short: Annotated[str, typer.Argument(help=_("the name that people write"))] = "",
        full: Annotated[str, typer.Argument(help=_("the name that it means"))] = "",
        file: Annotated[Path | None, typer.Option("--import", help=_("a sheet or csv of short and full names"))] = None,
        out: Annotated[Path | None, typer.Option("--out", help=_("write all aliases: .csv or .xlsx"))] = None,
        remove: Annotated[bool, typer.Option("--remove", help=_("forget this short name"))] = False,
    ) -> None:
        with shell.workspace() as workspace:
            if file:
                _import(shell, workspace, file)
            elif out:
                _export(shell, workspace, out)
            elif remove:
                _remove(shell, workspace, short)
            elif short:
                _set(shell, workspace, short, full)
            else:
                _list(shell, workspace)


def _import(shell: Shell, workspace: Workspace, path: Path) -> None:
    from crmcli.jobs.dedupe.aliases import import_aliases

    done = import_aliases(workspace, path, dry_run=shell.dry_run)
    words = _("{new} aliases new, {changed} changed, {same} known already, {skipped} rows say nothing")
    shell.show(asdict(done), words.format(**asdict(done)))


def _export(shell: Shell, workspace: Workspace, out: Path) -> None:
    from crmcli.jobs.dedupe.aliases import export_aliases

    written = export_aliases(workspace, out)
    line = _("{aliases} aliases written: {path}").format(aliases=written, path=out)
    shell.show({"aliases": written, "out": str(out)}, line)


def _remove(shell: Shell, workspace: Workspace, short: str) -> None:
    from crmcli.jobs.dedupe.aliases import remove_alias

    run = remove_alias(workspace, short, dry_run=shell.dry_run)
    shell.show({"run": run, "short": short}, _("{short} is an alias no more").format(short=short))


def _set(shell: Shell, workspace: Workspace, short: str, full: str) -> None:
    from crmcli.commands.choices import BadOption
    from crmcli.i18n import msg
    from crmcli.jobs.dedupe.aliases import set_aliases

    if not full:
        raise BadOption("dedupe alias", short, msg("the full name too"))
    done: AliasResult = set_aliases(workspace, [(short, full)], dry_run=shell.dry_run)
    line = _("{short} means {full}").format(short=short, full=full)
    shell.show({"run": done.run, "short": short, "full": full}, line)


def _list(shell: Shell, workspace: Workspace) -> None:
    from crmcli.jobs.dedupe.aliases import list_aliases

    aliases = list_aliases(workspace)
    shell.show([asdict(alias) for alias in aliases], _table(aliases))


def _table(aliases: list[Alias]) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("short name"), _("full name"), _("learned in run")):
        table.add_column(title, overflow="fold")
    for alias in aliases:
        table.add_row(alias.short, alias.full, alias.learned)
    return table
