"""How the public pools are shown: as JSON and on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crmcli.commands.written import undo_lines
from crmcli.i18n import _, enumerated

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from crmcli.jobs.pool.plan import Planned, PoolPlan
    from crmcli.jobs.pool.recycle import PoolRun

_ROWS = 500  # customers that people are shown at most
_EXAMPLES = 20  # of those that do not fall
_URGENT_DAYS = 3


def plan_document(plan: PoolPlan) -> dict[str, Any]:
    """Return a plan as JSON."""
    return {
        "until": plan.until.isoformat(),
        "looked_at": plan.looked_at,
        "by_owner": plan.by_owner,
        "items": [one.document() for one in plan.falling],
        "undated": [one.document() for one in plan.undated],
        "protected": plan.protected,
        "kept": [one.document() for one in plan.kept],
        "unruled": plan.unruled,
        "later": plan.later,
    }


def plan_shown(plan: PoolPlan) -> list[RenderableType]:
    """Return a plan for people: what falls, soonest first, what lacks a date, and how many stay and why."""
    shown: list[RenderableType] = [_falling(plan.falling[:_ROWS])] if plan.falling else []
    if plan.undated:
        shown += [_("no date, so never: ({number})").format(number=len(plan.undated)), _reasons(plan.undated[:_ROWS])]
    if plan.kept:
        shown += [_("protected: ({number})").format(number=len(plan.kept)), _reasons(plan.kept[:_EXAMPLES])]
    words = _("{looked_at} looked at: {falling} fall until {until}, {later} later, {undated} lack a date")
    shown.append(
        words.format(
            looked_at=plan.looked_at,
            falling=len(plan.falling),
            until=plan.until,
            later=plan.later,
            undated=len(plan.undated),
        )
    )
    shown += _counted(plan.protected, plan.unruled)
    return shown + [f"  {owner}: {number}" for owner, number in plan.by_owner.items()]


def _falling(rows: Sequence[Planned]) -> Table:
    from rich.text import Text

    table = _table(_("customer"), _("name"), _("owner"), _("days left"), _("falls on"), _("pool"), _("why"))
    for one in rows:
        row = one.document()
        left = row["remaining_days"]
        days = Text(_("overdue") if left < 0 else str(left), "red" if left < _URGENT_DAYS else "")
        table.add_row(row["customer"], one.name, row["owner"], days, row["falls_on"], row["pool"] or "", row["reason"])
    return table


def _reasons(rows: Sequence[Planned]) -> Table:
    table = _table(_("customer"), _("name"), _("owner"), _("why"))
    for one in rows:
        row = one.document()
        table.add_row(row["customer"], one.name, row["owner"], row["reason"])
    return table


def run_document(done: PoolRun) -> dict[str, Any]:
    """Return a run of the pools as JSON."""
    return {
        "run": done.run,
        "looked_at": done.looked_at,
        "fallen": len(done.fallen),
        "by_owner": done.by_owner,
        "items": [
            {
                "customer": one.customer,
                "name": one.name,
                "owner": one.owner,
                "pool": one.pool,
                "reason": str(one.reason),
                "open_deals": one.open_deals,
                "opportunities": list(one.deals),
            }
            for one in done.fallen
        ],
        "undated": done.undated,
        "named": done.named,
        "protected": done.protected,
    }


def run_shown(done: PoolRun) -> list[RenderableType]:
    """Return a run of the pools for people."""
    table = _table(_("customer"), _("name"), _("owner until now"), _("pool"), _("why"), _("open deals"))
    deals = {"keep": _("keep their owner"), "move": _("go along"), "close": _("closed as void")}
    for one in done.fallen[:_ROWS]:
        words = deals.get(one.open_deals or "", "")
        table.add_row(one.customer, one.name, one.owner, one.pool, str(one.reason), words)
    shown: list[RenderableType] = [table] if done.fallen else []
    words = _("{looked_at} looked at, {fallen} fell into a pool, {undated} lack a date")
    shown.append(words.format(looked_at=done.looked_at, fallen=len(done.fallen), undated=done.undated))
    if done.named:
        shown.append(_("{number} were put in: their source names a pool as their owner").format(number=done.named))
    shown += _counted(done.protected, 0)
    return shown + undo_lines(done.run)


def contents_shown(found: Sequence[dict[str, Any]]) -> list[RenderableType]:
    """Return what is in the pools for people."""
    titles = (_("customer"), _("name"), _("pool"), _("since"), _("why"), _("previous owners"), _("phones"))
    table = _table(*titles, _("last activity"))
    for one in found[:_ROWS]:
        before, phones = enumerated(one["previous_owners"]), enumerated(one["phones"])
        cells = (one["customer"], one["name"], one["pool"], one["since"], one["reason"], before, phones)
        table.add_row(*(cell or "" for cell in (*cells, one["last_activity"])))
    return [*([table] if found else []), _("{number} records").format(number=len(found))]


def deals_shown(found: Sequence[dict[str, Any]]) -> list[RenderableType]:
    """Return the opportunities in the pools for people, and how one of them gets an owner."""
    shown: list[RenderableType] = []
    if found:
        table = _table(_("no."), _("name"), _("customer"), _("pool"), _("stage"))
        for one in found[:_ROWS]:
            table.add_row(*(one[key] or "" for key in ("opportunity", "name", "customer_id", "pool", "stage")))
        shown += [table, _("take one with: crmcli pool claim {opportunity}").format(**found[0])]
    return [*shown, _("{number} records").format(number=len(found))]


def _counted(protected: dict[str, int], unruled: int) -> list[str]:
    why = {
        "open_deal": _("open opportunities"),
        "contract": _("contracts in force"),
        "receivable": _("unpaid receivables"),
        "won_deal": _("won opportunities"),
        "locked": _("locked"),
        "active": _("an opportunity since they were received"),
    }
    kept = [_("{number} by {why}").format(number=number, why=why[code]) for code, number in protected.items()]
    lines = [_("protected: {reasons}").format(reasons=enumerated(kept))] if kept else []
    return lines + ([_("{number} for whom no rule of a pool is").format(number=unruled)] if unruled else [])


def _table(*titles: str) -> Table:
    from rich.table import Table

    table = Table()
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
