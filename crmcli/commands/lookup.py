"""`lookup`: the masked check before a create."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.jobs.lookup import Known, LookedUp


def add(app: typer.Typer) -> None:
    """Add `lookup`."""

    @command(app, "lookup", _("Check whether a customer exists: owner, state, last activity; no phone is shown."))
    def lookup(
        shell: Shell, text: Annotated[str, typer.Argument(help=_("a name, a phone, an id or a credit code"))]
    ) -> None:
        from crmcli.jobs.lookup import look_up

        with shell.workspace() as workspace:
            said = look_up(workspace, text)
        matches = [asdict(known) for known in said.found]
        document = {"query": text, "exists": said.exists, "ambiguous": said.ambiguous, "matches": matches}
        if not said.found:
            shell.show(document, _("nobody is known as {text}").format(text=text))
        else:
            shell.show(document, *_ambiguous(text, said), _table(said.found))


def _ambiguous(text: str, said: LookedUp) -> list[str]:
    if not said.ambiguous:
        return []
    names = enumerated(known.name for known in said.found[: said.equal])
    return [_("{text} is ambiguous, it may as well mean: {names}").format(text=text, names=names)]


def _table(found: list[Known]) -> Table:
    from rich.table import Table

    table = Table()
    titles = (
        _("match"),
        _("number"),
        _("name"),
        _("owner or pool"),
        _("state"),
        _("open deals"),
        _("won"),
        _("last activity"),
    )
    for title in titles:
        table.add_column(title, overflow="fold")
    words = {"exact": _("exact"), "alias": _("by an alias")}
    for known in found:
        match = words.get(known.match) or _("similar, {score}").format(score=known.score)
        counts = (str(known.open_deals), str(known.won_deals))
        table.add_row(
            match,
            known.id,
            known.name,
            known.owner or known.pool or "",
            known.state or "",
            *counts,
            known.last_activity or "",
        )
    return table
