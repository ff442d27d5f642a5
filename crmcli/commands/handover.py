"""`handover`: what somebody who leaves has goes to others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.choices import BadOption
from crmcli.commands.shell import Shell, command, finish
from crmcli.commands.written import undo_lines
from crmcli.domain.words import word
from crmcli.errors import ExitCode
from crmcli.i18n import _, enumerated, msg

if TYPE_CHECKING:
    from crmcli.domain.handover import Item
    from crmcli.jobs.handover.handing_over import HandedOver

_RULES = "rules"
_LISTED = 20  # unplaced records that people are shown at most
_NUMBERS = {"customers": "customer", "contacts": "contact", "leads": "lead", "opportunities": "opportunity",
            "tasks": "task", "plans": "plan"}  # fmt: skip


def add(app: typer.Typer) -> None:
    """Add `handover`."""

    @command(app, "handover", _("Give all that somebody has to others."), writes=True, timed=True)
    def handover(
        shell: Shell,
        leaver: Annotated[str, typer.Argument(metavar=_("FROM"), help=_("who leaves"))],
        to: Annotated[
            list[str], typer.Option("--to", metavar=_("WHO"), help=_("who gets it; repeat to share; or: rules"))
        ],
        out: Annotated[Path | None, typer.Option("--out", help=_("the handover workbook to write"))] = None,
        closed: Annotated[bool, typer.Option("--closed", help=_("closed ones too"))] = False,
        keep_active: Annotated[bool, typer.Option("--keep-active", help=_("the leaver stays an owner"))] = False,
    ) -> None:
        from crmcli.jobs.handover.handing_over import hand_over

        if _RULES in to and len(to) > 1:
            raise BadOption("--to", _RULES, msg("either names or rules"))
        with shell.workspace() as workspace:
            home, day = workspace.settings.workspace.currency, workspace.now()[: len("2026-03-05")]
            options = {"closed": closed, "keep_active": keep_active, "dry_run": shell.dry_run}
            done = hand_over(workspace, leaver, to, **options)
        if out is not None:
            _save(shell, out, done, day, home)
        shell.show(_document(done, home), *_lines(done, home))
        if done.unplaced:
            finish(ExitCode.ATTENTION)


def _save(shell: Shell, out: Path, done: HandedOver, day: str, home: str) -> None:
    from crmcli.reports.excel.handover import write_handover

    write_handover(out, done.leaver, day, done.items, home)
    shell.note(_("wrote {path}").format(path=out))


def _document(done: HandedOver, home: str) -> dict[str, Any]:
    from crmcli.domain.values.money import fen_to_text

    return {
        "run": done.run,
        "from": done.leaver,
        "to": list(done.to),
        **{name: done.count(kind) for name, kind in _NUMBERS.items()},
        "amount": fen_to_text(done.fen[home]),
        "amounts": {currency: fen_to_text(fen) for currency, fen in done.fen.items()},
        "items": [_shown(item) for item in done.items],
        "unplaced": [_shown(item) for item in done.unplaced],
        "notes": [str(note) for note in done.notes],
    }


def _shown(item: Item) -> dict[str, Any]:
    from crmcli.domain.values.money import fen_to_text

    return {
        "record": item.id,
        "kind": item.kind,
        "name": item.name,
        "customer": item.customer,
        "owner": item.heir.owner,
        "pool": item.heir.pool,
        "why": str(item.heir.why or ""),
        "stage": item.stage,
        "amount": None if item.fen is None else fen_to_text(item.fen),
        "last_contact": item.last_contact,
        "next_step": item.next_step,
        "next_at": item.next_at,
    }


def _lines(done: HandedOver, home: str) -> list[Any]:
    """Return what people are told: who got what, what nobody has now, what is left to do."""
    from rich.table import Table

    from crmcli.domain.handover import shares
    from crmcli.domain.values.money import fen_to_text

    table = Table()
    for title in (_("new owner"), *(word(kind) for kind in _NUMBERS.values()), _("open amount")):
        table.add_column(title, justify="left" if title == _("new owner") else "right", overflow="fold")
    for who, share in shares(done.items, home).items():
        numbers = (str(share.counts.get(kind, 0)) for kind in _NUMBERS.values())
        amounts = enumerated(f"{fen_to_text(fen)} {currency}" for currency, fen in share.fen.items() if fen)
        table.add_row(who or _("nobody"), *numbers, amounts)
    lines: list[Any] = [table]
    for item in done.unplaced[:_LISTED]:
        words = _("{number} {name}: {place} ({why})")
        place = item.heir.pool or _("nobody")
        lines.append(words.format(number=item.id, name=item.name, place=place, why=item.heir.why or ""))
    if len(done.unplaced) > _LISTED:
        lines.append(_("and {number} more (--json lists all)").format(number=len(done.unplaced) - _LISTED))
    lines += [str(note) for note in done.notes]
    return lines + undo_lines(done.run)
