"""The reports' names and what each shows, apart from what computes them, so that `--help` stays quick."""

from __future__ import annotations

from crmcli.i18n import Message, msg

REPORT_NAMES: dict[str, Message] = {
    "funnel": msg("Of the opportunities that began in the period, how many reached, left or were lost at each stage"),
    "winrate": msg("Won out of won and lost, beside won out of all closed; by count, amount, stage and competitor"),
    "loss": msg("Why opportunities were lost: a Pareto by reason, and reasons against stage, owner, month, competitor"),
    "pipeline": msg("Open opportunities by present stage: number, amount, weighted amount, age, overdue, no next step"),
    "cycle": msg("Days from the start of an opportunity to its end: median, P75 and mean, won and lost apart"),
    "flow": msg("What came into each stage in the period and what left it: how, and where to; opening to closing"),
    "stage-age": msg(
        "How long opportunities stay in each stage: finished visits, those there now, which have been there too long"
    ),
    "changes": msg("Why the open amount is another than at the period's beginning (last week): a balanced waterfall"),
    "stalled": msg(
        "Open opportunities that stand still: days in the stage, days without human contact, plans that excuse it, why"
    ),
    "velocity": msg(
        "Money a day that the open opportunities bring: their number, win rate, mean amount won and median cycle"
    ),
    "followup": msg(
        "Planned actions done on time, late or missed; hours to the first response; opportunities without a next step"
    ),
    "rep": msg(
        "By salesperson: begun, won, lost, win rates, amounts, open and weighted, cycle, activities, target, attainment"
    ),
    "leads": msg("By source, how many leads became customers, how fast, and what was won of them"),
    "assignment": msg(
        "What rules gave to whom: expected by weight and attendance against actual, and what was won of it later"
    ),
    "collisions": msg("Where salespeople collide on customers, by kind; what waits for a manager and what was decided"),
    "pool": msg("What came into the public pools and left them, whose it was and why, and what was won of it since"),
    "forecast": msg(
        "Open opportunities by month of expected close, weighted by chance, against the targets; what has no date, "
        "amount or probability stands apart"
    ),
    "receivables": msg("What is due and what of it was received, how long the rest has been due, what settles no plan"),
    "forecast-accuracy": msg(
        "What the forecast said when each month and week began, against what was won in the month"
    ),
    "scorecard": msg("One page of targets against actuals, with how much is attained and a light"),
    "baseline": msg("The same figures in equal spans before and after a day: what changed, how sure it is, and why"),
    "quality": msg("How well the data is filled, what cannot be, and whether the stored snapshots agree with it"),
    "review": msg("What was closed in the period, how each deal went and what is to be learnt from it"),
    "weekly": msg(
        "Last week against the week before, funnel, win rate, loss reasons and open pipeline in one workbook"
    ),
}

_DEALS = ("period", "by", "pipeline")
REPORT_OPTIONS: dict[str, tuple[str, ...]] = {
    "funnel": (*_DEALS, "mode"),
    "winrate": (*_DEALS, "interval"),
    "loss": (*_DEALS, "sort"),
    "pipeline": ("by", "pipeline"),
    "cycle": (*_DEALS, "working_days"),
    "flow": _DEALS,
    "stage-age": (*_DEALS, "working_days"),
    "changes": (*_DEALS, "closing"),
    "stalled": ("by", "pipeline"),
    "velocity": _DEALS,
    "followup": _DEALS,
    "rep": _DEALS,
    "leads": _DEALS,
    "assignment": _DEALS,
    "collisions": ("by",),
    "pool": ("period", "by"),
    "forecast": _DEALS,
    "receivables": ("period", "by"),
    "forecast-accuracy": _DEALS,
    "scorecard": _DEALS,
    "baseline": (*_DEALS, "event"),
    "quality": ("by",),
    "review": _DEALS,
    "weekly": ("pipeline", "mode", "sort", "interval"),
}
"""What each report can be asked with, by the names of `ReportOptions`, beside the times, the form and the file."""

WHY_NOT: dict[tuple[str, str], Message] = {
    ("weekly", "by"): msg(
        "It has a part for each question, each broken down its own way: ask for the part by itself, as "
        "`report funnel --by team` or `report winrate --by owner,month`."
    ),
}
"""Report and option that somebody may well expect of it -> why it does not take it, and what to do."""
