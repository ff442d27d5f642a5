"""`lookup`: the masked check before a create."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.domain.words import word
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.jobs.records.lookup import Known, LookedUp


def add(app: typer.Typer) -> None:
    """Add `lookup`."""

    @command(app, "lookup", _("Check if a customer or lead exists: owner, state, last activity; no phone is shown."))
    def lookup(
        shell: Shell, text: Annotated[str, typer.Argument(help=_("a name, a phone, an id or a credit code"))]
    ) -> None:
        from crmcli.jobs.records.lookup import look_up

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
        _("kind"),
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
    for known in found:
        table.add_row(*_cells(known))
    return table


def _cells(known: Known) -> list[str]:
    words = {"exact": _("exact"), "alias": _("by an alias")}
    match = words.get(known.match) or _("similar, {score}").format(score=known.score)
    state = known.state or ""
    return [
        match,
        word(known.kind),
        known.id,
        known.name,
        known.owner or known.pool or "",
        word(state) if known.kind == "lead" else state,
        str(known.open_deals),
        str(known.won_deals),
        known.last_activity or "",
    ]
