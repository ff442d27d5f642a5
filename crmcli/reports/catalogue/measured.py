"""Single figures as cells: what each is called and how its values are written."""

from __future__ import annotations

from crmcli.domain.metrics.measures import MEASURES, Measured
from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import Message, msg
from crmcli.reports.columns import yuan
from crmcli.reports.model import Cell, Definition

METRIC_WORDS: dict[str, Message] = {
    "amount_won": msg("Amount won"), "won": msg("Won"), "lost": msg("Lost"), "created": msg("Begun"),
    "winrate": msg("Win rate"), "conversion": msg("Conversion (won of those begun)"),
    "cycle_days": msg("Sales cycle (median days)"), "on_time_rate": msg("Done on time"),
    "missed_rate": msg("Missed"), "follow_up_rate": msg("Followed up"),
}  # fmt: skip
NEEDS: tuple[str, ...] = ("activities", "tasks", "staff")
"""What the figures are measured on, beside deals and stage events."""

FIGURES = Definition(msg("Figures"), msg(
    "Amount won, won, lost, win rate (won / (won + lost)): by the last close in the days. Begun: the start lies in "
    "them; conversion: won of those. Sales cycle: median days from start to won. Done on time, missed: of the actions "
    "that were planned for these days (next steps of follow-ups, tasks), those done by their day, and those not done "
    "at all, as the follow-up report counts them. Followed up: of the "
    "opportunities open at the end, those that a person followed up in these days."),
    ("metric", "actual"))  # fmt: skip
CASES = Definition(msg("n"), msg(
    "What a figure rests on: a rate the cases that it is a share of, a median of days the opportunities with known "
    "days, a number or an amount the opportunities counted."), ("n", "before_n", "after_n"))  # fmt: skip


def value_cell(metric: str, value: float | None) -> Cell:
    """Return a target, or a figure without its cases, in its own type."""
    if value is None:
        return None
    match MEASURES[metric].kind:
        case "money":
            return yuan(round(value))
        case "rate":
            return Rate(round(value * 10_000), 10_000, 10_000)
        case "count":
            return round(value)
        case _:
            return float(value)


def measured_cell(metric: str, measured: Measured, min_n: int) -> Cell:
    """Return a figure; a median of fewer than `min_n` cases is not given, a rate says itself that it rests on few."""
    if measured.rate is not None:
        return measured.rate
    if MEASURES[metric].kind == "days" and measured.n < min_n:
        return None
    return value_cell(metric, measured.value)
