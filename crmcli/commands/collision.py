"""`collision`: salespeople on one customer (撞单), and who has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.choices import BadOption
from crmcli.commands.shell import Shell, command, group
from crmcli.commands.written import undo_lines
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crmcli.jobs.owners.collisions import Found

_ROWS = 500  # collisions that people are shown at most


def add(app: typer.Typer) -> None:
    """Add `collision list|decide`."""
    group_ = group(_("Salespeople who collide on one customer: the evidence, and the manager's verdict."))
    app.add_typer(group_, name="collision")
    _add_list(group_)
    _add_decide(group_)


def _add_list(collisions: typer.Typer) -> None:
    @command(collisions, "list", _("List the collisions that wait for a verdict, with their evidence."), timed=True)
    def list_(
        shell: Shell,
        kind: Annotated[
            str, typer.Option(metavar="a|b|c|d", help=_("contacts, open deals, shared numbers, one group"))
        ] = "",
        decided: Annotated[bool, typer.Option("--all", help=_("those with a verdict too"))] = False,
    ) -> None:
        from crmcli.domain.collisions import KINDS
        from crmcli.jobs.owners.collisions import collisions as find

        if kind and kind not in KINDS:
            raise BadOption("--kind", kind, KINDS)
        with shell.workspace() as workspace:
            found = find(workspace, [kind] if kind else [], decided=decided)
        document = [one.document() for one in found] if shell.json else None
        shell.show(document, *_shown(found))


def _add_decide(collisions: typer.Typer) -> None:
    @command(collisions, "decide", _("Record who has it, by the manager's word."), writes=True, timed=True)
    def decide(
        shell: Shell,
        key: Annotated[str, typer.Argument(metavar=_("KEY"), help=_("as `collision list` shows it"))],
        owner: Annotated[str, typer.Option("--owner", help=_("the owner who has it"))],
        note: Annotated[str, typer.Option("--note", help=_("why"))] = "",
        transfer: Annotated[
            bool, typer.Option("--transfer", help=_("give them the customers and open deals that collide"))
        ] = False,
    ) -> None:
        from crmcli.jobs.deals.verdicts import decide_collision

        with shell.workspace() as workspace:
            done = decide_collision(workspace, key, owner, note=note, transfer=transfer, dry_run=shell.dry_run)
        words = _("{key} is {owner}'s").format(key=done.key, owner=done.owner)
        moved = [_("given to them: {records}").format(records=enumerated(done.moved))] if done.moved else []
        shell.show(done.document(), words, *moved, *undo_lines(done.run))


def _shown(found: Sequence[Found]) -> list[RenderableType]:
    from rich.table import Table

    table = Table()
    for title in (_("key"), _("customer"), _("what"), _("evidence"), _("came first"), _("verdict")):
        table.add_column(title, overflow="fold")
    for one in found[:_ROWS]:
        row = one.document()
        names = enumerated(f"{customer['id']} {customer['name']}" for customer in row["customers"])
        reason = row["reason"] + (_(" (a hint only)") if row["hint_only"] else "")
        evidence = "\n".join(_evidence(side) for side in row["sides"])
        verdict = row["verdict"]["owner"] if row["verdict"] else ""
        news = _("{owner}, but something is new").format(owner=verdict) if verdict and row["open"] else verdict
        table.add_row(row["key"], names, reason, evidence, row["suggestion"] or "", news)
    return [*([table] if found else []), _("{number} records").format(number=len(found))]


def _evidence(side: dict[str, str]) -> str:
    words = _("{owner} ({records}): first known {reported}, last active {last}, protected until {until}")
    return words.format(
        owner=side["owner"],
        records=enumerated(side["records"]),
        reported=side["reported"] or "?",
        last=side["last_activity"] or "?",
        until=side["protected_until"] or "?",
    )
