"""`dedupe unmerge`: one merge taken back, and what came after it given to one of the two."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import _, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcli.jobs.dedupe.unmerge import Merge

_ALL, _NONE = "all", "none"


class NotBornSince(CrmError):
    """A record that is to go along came not after the merge, or belongs to neither."""

    code = "unmerge.not_born_since"
    exit_code = ExitCode.USAGE

    def __init__(self, text: str, known: Sequence[str]) -> None:
        super().__init__(
            msg("{text} did not come after the merge; these did: {known}", text=text, known=list(known) or ["—"])
        )


def add_unmerge(dedupe: typer.Typer) -> None:
    """Add `dedupe unmerge`."""

    @command(dedupe, "unmerge", _("Take one merge back; it is remembered that the two are different."), writes=True)
    def unmerge_(
        shell: Shell,
        number: Annotated[str, typer.Argument(metavar="ID", help=_("the customer that was merged away, as in C12"))],
        give: Annotated[
            list[str] | None,
            typer.Option(
                "--give",
                metavar="NUMBER|all|none",
                help=_("what came after the merge and goes to the customer that comes back: O7, A12, all or none"),
            ),
        ] = None,
    ) -> None:
        from crmcli.commands.review_shown import unmerge_document, unmerge_lines
        from crmcli.jobs.dedupe.unmerge import find_merge, unmerge

        with shell.workspace() as workspace:
            merge = find_merge(workspace, number)
            moving = _asked(shell, merge) if give is None else _given(merge, give)
            done = unmerge(workspace, merge, moving, dry_run=shell.dry_run)
        shell.show(unmerge_document(done), *unmerge_lines(done))


def _given(merge: Merge, give: Sequence[str]) -> list[tuple[str, int]]:
    """Return the later children that the command line names.

    Raises:
        NotBornSince: it names another record.
    """
    from crmcli.domain.records import record_number

    born = {record_number(kind, record["id"]): (kind, int(record["id"])) for kind, record in merge.born_since}
    moving: list[tuple[str, int]] = []
    for text in give:
        if text == _ALL:
            moving += born.values()
        elif text.upper() in born:
            moving.append(born[text.upper()])
        elif text != _NONE:
            raise NotBornSince(text, list(born))
    return moving


def _asked(shell: Shell, merge: Merge) -> list[tuple[str, int]]:
    """Return the later children that a person at a terminal gives to the restored customer; none without one."""
    from crmcli.domain.records import record_number

    if shell.yes or not sys.stdin.isatty():
        return []
    words = _("{record} {name} came after the merge. Does it belong to {customer}?")
    home = record_number("customer", merge.loser)
    moving = []
    for kind, record in merge.born_since:
        name = record.get("name") or record.get("text") or ""
        question = words.format(record=record_number(kind, record["id"]), name=name, customer=home)
        if typer.confirm(question, default=False, err=True):
            moving.append((kind, int(record["id"])))
    return moving
