"""`assign backtest`: what other rules would have done."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.moments import parse_day
from crmcli.commands.shell import Shell, command
from crmcli.domain.records import record_number
from crmcli.domain.words import labelled, rule_name
from crmcli.i18n import _

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.jobs.assigning.backtest import Backtest, Replayed

_ROWS = 500  # deals that people are shown at most


def add_backtest(assign: typer.Typer) -> None:
    """Add `assign backtest`."""

    @command(assign, "backtest", _("Replay a period with the rules of another crm.toml; nothing is written."))
    def backtest(
        shell: Shell,
        start: Annotated[str, typer.Option("--from", metavar=_("DATE"), help=_("the first day"))],
        end: Annotated[str, typer.Option("--to", metavar=_("DATE"), help=_("the day after the last"))],
        rules: Annotated[Path, typer.Option(help=_("a crm.toml with the other rules"))],
    ) -> None:
        from crmcli.domain.metrics.period import Period
        from crmcli.jobs.assigning.backtest import backtest_rules

        first, until = parse_day(start), parse_day(end)
        Period(first, until)
        with shell.workspace() as workspace:
            found = backtest_rules(workspace, rules, first, until)
        if found.undated:
            shell.note(_("{n} opportunities have no day and are left out").format(n=found.undated))
        if shell.json:
            shell.show(_document(found, first, until, rules))
        else:
            changed = [deal for deal in found.deals if deal.changed]
            shell.show(None, _owners(found), *([_deals(changed[:_ROWS])] if changed else []), _summary(found))


def _document(found: Backtest, first: date, until: date, rules: Path) -> dict[str, Any]:
    return {
        "from": first.isoformat(),
        "to": until.isoformat(),
        "rules": str(rules),
        "considered": len(found.deals),
        "changed": found.changed,
        "moves": found.moves,
        "by_owner": [
            {"owner": owner, "got": got, "would_get": would, "difference": would - got}
            for owner, (got, would) in found.by_owner.items()
        ],
        "items": [_item(deal) for deal in found.deals],
        "undated": found.undated,
    }


def _item(deal: Replayed) -> dict[str, Any]:
    decision = deal.decision
    return {
        "opportunity": record_number("opportunity", deal.past.id),
        "at": deal.past.at,
        "got": deal.past.got,
        "by": deal.past.by,
        "would_at": deal.at,
        "would_get": decision.owner,
        "pool": decision.pool,
        "rule": decision.rule,
        "reason": str(decision.reason),
        "changed": deal.changed,
        "moves": [{"at": at, "owner": move.owner, "reason": str(move.reason)} for at, move in deal.moves],
        "skipped": [{"owner": skip.name, "why": str(skip.why)} for skip in decision.skipped],
        "passed": [{"rule": skip.name, "why": str(labelled(skip.why))} for skip in decision.passed],
    }


def _owners(found: Backtest) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("owner"), _("got"), _("would have got"), _("difference")):
        table.add_column(title)
    for owner, (got, would) in found.by_owner.items():
        table.add_row(owner or _("nobody"), str(got), str(would), f"{would - got:+}")
    return table


def _deals(deals: list[Replayed]) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("opportunity"), _("day"), _("got it"), _("would have got it"), _("rule"), _("why")):
        table.add_column(title, overflow="fold")
    for deal in deals:
        decision = deal.decision
        whom = decision.owner or decision.pool or ""
        number = record_number("opportunity", deal.past.id)
        rule, why = rule_name(decision.rule), str(decision.reason)
        table.add_row(number, deal.at[:10], deal.past.got or "", whom, rule, why)
    return table


def _summary(found: Backtest) -> str:
    words = _("{considered} opportunities replayed, {changed} would have gone to somebody else; nothing was written")
    told = words.format(considered=len(found.deals), changed=found.changed)
    if not found.moves:
        return told
    return told + "\n" + _("{n} moves because nobody contacted a deal in time").format(n=found.moves)
