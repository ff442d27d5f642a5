"""What happened in the week and why, in a few sentences: every number stands in a table of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from crmcli.i18n import Message, msg
from crmcli.reports.model import Cell, Headline, Section
from crmcli.reports.warnings import FELL

Row = dict[str, Cell]
_LEVELS = ("opening", "closing")


def story(section: Section, headlines: tuple[Headline, ...], periods: frozenset[str]) -> tuple[Message, ...]:
    """Return sentences on the open amount, what was closed, the targets, what fell, and what stands still.

    Amounts are in the workspace's currency; a sentence without figures is left out. `periods` are those of the targets
    to speak of.
    """
    tables = {table.name: [dict(zip((column.key for column in table.columns), row, strict=True)) for row in table.rows]
              for table in section.tables}  # fmt: skip
    shown = {line.key: line for line in headlines}
    return (
        *_changed(tables["changes"]),
        *_closed(shown, tables["loss_week"]),
        *_targets([row for row in tables.get("forecast_targets", []) if row["period"] in periods]),
        *(note.text for note in section.notes if note.code == FELL),
        *_standing_still(tables["stalled"], tables["pipeline"]),
    )


def _changed(rows: list[Row]) -> Iterator[Message]:
    by_step = {str(row["key"]): row for row in rows}
    opening, closing = (_number(by_step[level], "amount") for level in _LEVELS)
    steps = [row for key, row in by_step.items() if key not in _LEVELS and row["n"]]
    steps.sort(key=lambda row: -abs(_number(row, "amount")))
    if not steps:
        yield msg("The open amount is as it was: {closing}.", closing=_yuan(closing))
        return
    told = [msg("{step} {amount} ({n})", step=row["step"], amount=_signed(_number(row, "amount")), n=row["n"])
            for row in steps]  # fmt: skip
    yield msg("The open amount went from {opening} to {closing} ({change}): {steps}.", opening=_yuan(opening),
              closing=_yuan(closing), change=_signed(closing - opening), steps=told)  # fmt: skip


def _closed(shown: Mapping[str, Headline], reasons: list[Row]) -> Iterator[Message]:
    won, amount, lost = (shown[key] for key in ("won", "amount_won", "lost"))
    yield msg(
        "{n} won, worth {amount} (the week before: {before}, worth {amount_before}).", n=won.value,
        amount=_yuan(amount.value), before=won.previous, amount_before=_yuan(amount.previous),
    )  # fmt: skip
    if lost.value and reasons:
        most = max(reasons, key=lambda row: _number(row, "n"))
        yield msg(
            "{n} lost (the week before: {before}), most often for: {reason} ({of}).", n=lost.value,
            before=lost.previous, reason=most["reason"], of=most["n"],
        )  # fmt: skip


def _targets(rows: list[Row]) -> Iterator[Message]:
    """Yield a sentence a target of the company."""
    for row in rows:
        target, gap, attained, covered = (row[key] for key in ("target", "gap", "attainment", "coverage_weighted"))
        if row["level"] != "company" or not isinstance(target, Decimal) or not isinstance(gap, Decimal):
            continue
        if not isinstance(attained, float):
            continue
        if gap <= 0:
            yield msg("{period}: the target of {target} is reached ({attained}).", period=row["period"],
                      target=_yuan(target), attained=f"{attained:.0%}")  # fmt: skip
        else:
            yield msg(
                "{period}: {won} of the target of {target} are won ({attained}); the weighted open amount covers "
                "{covered} of the {gap} that are missing.", period=row["period"], won=_yuan(row["amount_won"]),
                target=_yuan(target), attained=f"{attained:.0%}",
                covered=f"{covered:.0%}" if isinstance(covered, float) else "—", gap=_yuan(gap),
            )  # fmt: skip


def _standing_still(stalled: list[Row], pipeline: list[Row]) -> Iterator[Message]:
    still, of = (sum(_number(row, key) for row in stalled) for key in ("stalled", "open"))
    if of:
        yield msg(
            "{n} of {all} open opportunities stand still, worth {amount}; {overdue} are past their expected close.",
            n=still, all=of, amount=_yuan(sum(_number(row, "amount") for row in stalled)),
            overdue=sum(_number(row, "overdue") for row in pipeline),
        )  # fmt: skip


def _number(row: Row, key: str) -> Decimal:
    cell = row[key]
    return Decimal(cell) if isinstance(cell, int | Decimal) else Decimal(0)


def _yuan(cell: Cell) -> str:
    return f"{cell:,.0f}" if isinstance(cell, int | Decimal) else "—"


def _signed(amount: Decimal) -> str:
    return f"{amount:+,.0f}" if amount else "0"
