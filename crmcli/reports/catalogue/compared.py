"""The funnel's step rates against the comparable period before: a stage whose conversion fell is marked."""

from __future__ import annotations

from collections.abc import Mapping

from crmcli.domain.metrics.anomalies import SURE, StageChange, change_layers, earlier_of, stage_changes
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.rate import Rate
from crmcli.domain.metrics.timeline import Standing, Timeline
from crmcli.i18n import Message, msg
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Column, Definition, Link, Note, Section, Table
from crmcli.reports.options import ReportOptions
from crmcli.reports.warnings import FELL

_LEAST = 0.001

_VERDICTS: dict[str, Message] = {
    "fell": msg("▼ fell, hardly by chance"),
    "perhaps": msg("lower, may be chance"),
    "not_lower": msg("not lower"),
    "too_few": msg("too few cases"),
}
_COLUMNS = (
    Column("stage", msg("Stage"), "text"),
    Column("step_rate", msg("Step rate"), "rate", parts=True),
    Column("step_rate_before", msg("Step rate before"), "rate", parts=True),
    Column("change", msg("Change"), "rate", signed=True),
    Column("chance", msg("By chance"), "rate"),
    Column("verdict", msg("Verdict"), "text"),
    Column("verdict_key", msg("Key"), "text", minor=True),
)
DEFINITION = Definition(msg("Against the period before"), msg(
    "The step rates of the opportunities begun in the span of the same length just before (whole months against whole "
    "months), seen as long after its end as this one is seen now, so that both are equally old: what `report funnel` "
    "says of those days with that --as-of. By chance: how often two equal shares differ as much (Fisher's exact test, "
    "two-sided). A stage fell where that is under {sure} %; of twenty stages one does so by chance.",
    sure=round(SURE * 100)), ("step_rate_before", "change", "chance", "verdict"), ("funnel",))  # fmt: skip


def compared_section(
    seen: tuple[Timeline, Standing], period: Period, options: ReportOptions, table: str, title: Message,
    links: Mapping[tuple[int, str], Link],
) -> Section:  # fmt: skip
    """Return the table beside the funnel `table`, whose `links` lead to the records; empty without a period before."""
    earlier = earlier_of(*seen, period)
    if earlier is None:
        return Section(())
    found = stage_changes(*seen, period, earlier, options.min_n)
    name = f"{table}_compared"
    behind = {at: link for at, link in links.items() if at[1] == "step_rate" and at[0] < len(found)}
    shown = Table(name, msg("{title}: against the period before", title=title), _COLUMNS,
                  tuple(_cells(one, options.min_n) for one in found), msg("Funnel"), None, behind)  # fmt: skip
    shown, more = further(shown, seen, change_layers(*seen, period, earlier), options)
    notes = tuple(Note(FELL, name, _told(one, options.min_n)) for one in found if one.verdict == "fell")
    return Section((shown,), notes=notes, definitions=(DEFINITION,)) + more


def _cells(one: StageChange, min_n: int) -> tuple[Cell, ...]:
    now, before = one.now.value(min_n), one.before.value(min_n)
    change = None if now is None or before is None else now - before
    return (one.stage, one.now, one.before, change, one.chance, _VERDICTS[one.verdict], one.verdict)


def _told(one: StageChange, min_n: int) -> Message:
    chance = one.chance or 0.0
    return msg(
        "Fewer went on from {stage}: {now} against {before} in the period before, seen equally late. Chance alone does "
        "so in {chance} of cases (p).", stage=one.stage, now=_rate(one.now, min_n), before=_rate(one.before, min_n),
        chance=f"{chance:.1%}" if chance >= _LEAST else "< 0.1%",
    )  # fmt: skip


def _rate(rate: Rate, min_n: int) -> str:
    return f"{rate.value(min_n) or 0:.1%} ({rate.numerator:,}/{rate.denominator:,})"
