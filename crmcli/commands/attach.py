"""`attach`: quotes, contracts and other files that belong to a record, by path and content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.shell import Shell, command, finish, group
from crmcli.domain.words import word
from crmcli.errors import ExitCode
from crmcli.i18n import _

if TYPE_CHECKING:
    from rich.table import Table

Ref = Annotated[str, typer.Argument(help=_("a number (O7, C12), an id or an unambiguous name"))]
OptionalRef = Annotated[str, typer.Argument(help=_("only this opportunity's or customer's"))]


def add(app: typer.Typer) -> None:
    """Add `attach add|list|verify|find|remove`; `attach O7 FILE` is `attach add O7 FILE`."""
    about = _(
        "Files that belong to an opportunity or a customer: where they are and what they were, never their bytes."
        " `attach O7 FILE...` is short for `attach add O7 FILE...`."
    )
    files = group(about)
    app.add_typer(files, name="attach")
    _add_add(files)
    _add_list(files)
    _add_verify(files)
    _add_find(files)
    _add_remove(files)


def _add_add(files: typer.Typer) -> None:
    @command(files, "add", _("Add files to an opportunity or a customer."), writes=True, timed=True)
    def add_(
        shell: Shell,
        ref: Ref,
        paths: Annotated[list[Path], typer.Argument(metavar=_("FILE..."), help=_("the files"))],
        kind: Annotated[str, typer.Option("--kind", help=_("what they are: 合同, 报价 ..."))] = "",
        note: Annotated[str, typer.Option("--note", help=_("more about it"))] = "",
    ) -> None:
        from crmcli.jobs.office.attachments import attach_files

        with shell.workspace() as workspace:
            done = attach_files(workspace, ref, paths, kind=kind, note=note, dry_run=shell.dry_run)
        words = _("{id} {path} ({outcome}) belongs to {about}")
        told = [one | {"outcome": word(one["outcome"]), "about": done["about"]} for one in done["items"]]
        shell.show(done, *(words.format(**one) for one in told))


def _add_list(files: typer.Typer) -> None:
    @command(files, "list", _("List them; of a customer, those of its opportunities too."))
    def list_(shell: Shell, ref: OptionalRef = "") -> None:
        from crmcli.jobs.office.attachments import list_attachments

        with shell.workspace() as workspace:
            found = list_attachments(workspace, ref)
        shell.show(found, _table(found), _("{number} files").format(number=len(found)))


def _add_verify(files: typer.Typer) -> None:
    @command(files, "verify", _("Say which are still what they were; ends with 3 where one is not."))
    def verify(shell: Shell, ref: OptionalRef = "") -> None:
        from crmcli.jobs.office.attachments_checked import verify_attachments

        with shell.workspace() as workspace:
            found = verify_attachments(workspace, ref)
        wrong = [one for one in found["items"] if one["state"] != "ok"]
        words = _("{checked} files: {ok} ok, {changed} changed, {missing} missing, {unreadable} unreadable")
        shell.show(found, *([_table(wrong, state=True)] if wrong else []), words.format(**found))
        if wrong:
            finish(ExitCode.ATTENTION)


def _add_find(files: typer.Typer) -> None:
    @command(files, "find", _("Find missing ones in a folder by what is in them."), writes=True, timed=True)
    def find(shell: Shell, folder: Annotated[Path, typer.Argument(help=_("where to look, folders in it too"))]) -> None:
        from crmcli.jobs.office.attachments_checked import find_attachments

        with shell.workspace() as workspace:
            done = find_attachments(workspace, folder, dry_run=shell.dry_run)
        found, lost = _("{id} is {found} now"), _("{id} is not there: {path}")
        shell.show(done, *((found if one["found"] else lost).format(**one) for one in done["items"]))
        if any(one["found"] is None for one in done["items"]):
            finish(ExitCode.ATTENTION)


def _add_remove(files: typer.Typer) -> None:
    @command(files, "remove", _("Forget one; the file itself stays where it is."), writes=True, timed=True)
    def remove(
        shell: Shell, attachment: Annotated[str, typer.Argument(metavar="F3", help=_("the file's number"))]
    ) -> None:
        from crmcli.jobs.office.attachments import remove_attachment

        with shell.workspace() as workspace:
            gone = remove_attachment(workspace, attachment, dry_run=shell.dry_run)
        shell.show(gone, _("{id} is forgotten; the file stays: {path}").format(**gone))


def _table(found: list[dict[str, Any]], *, state: bool = False) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("no."), *([_("state")] if state else []), _("file"), _("kind"), _("bytes"), _("about"), _("added")):
        table.add_column(title, overflow="fold", justify="right" if title == _("bytes") else "left")
    for one in found:
        key = "opportunity" if one["opportunity_id"] else "customer"
        head = [one["id"], *([word(one["state"])] if state else [])]
        about, added = f"{one[f'{key}_id']} {one[key] or ''}", f"{one['added_at']} {one['added_by']}"
        table.add_row(*head, one["path"], one["kind"], f"{one['size']:,}", about, added)
    return table
