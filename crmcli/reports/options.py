"""What a report can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crmcli.domain.metrics.evidence import RECORDS_LIMIT
from crmcli.domain.metrics.funnel import Mode
from crmcli.domain.metrics.loss import Sort
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.rate import DEFAULT_MIN_N


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """All options of all reports, every default visible.

    Attributes:
        as_of: The business time to show, with offset.
        period: [from, to); unbounded is the whole history. The weekly report finds its own week.
        by: Keys to break the main table down by.
        min_n: Fewer cases than that show no rate.
        mode: How the funnel counts. sort: What the Pareto is ordered by.
        interval: Whether win rates carry their Wilson 95 % interval.
        currency: The workspace's currency; others stand in columns of their own.
        known_at: What was recorded later is not known; None: all is.
        closing: Only deals expected to close in it, where a report knows that.
        event: The day that `baseline` compares before and after.
        working_days: Count working days by the holiday table instead of calendar days.
        pipeline: The pipeline that was asked for, by its key.
        arguments: What was asked beside these, as the command line writes it, to ask again.
        program: Which program computes. settings: What of crm.toml figures depend on, as JSON text.
        loss_reasons: The reasons that crm.toml knows; others are listed for mapping. Empty: nothing is listed.
    """

    as_of: datetime
    period: Period = WHOLE_HISTORY
    by: tuple[str, ...] = ()
    min_n: int = DEFAULT_MIN_N
    mode: Mode = "reached"
    sort: Sort = "n"
    interval: bool = False
    currency: str = "CNY"
    config_hash: str = ""
    company: str = ""
    data_time: datetime | None = None
    week_starts: str = "monday"
    loss_reasons: tuple[str, ...] = ()
    known_at: datetime | None = None
    closing: Period | None = None
    event: date | None = None
    working_days: bool = False
    pipeline: str = ""
    arguments: tuple[tuple[str, str], ...] = ()
    program: str = ""
    settings: str = ""
    records_limit: int = RECORDS_LIMIT
