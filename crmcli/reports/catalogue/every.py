"""All reports by name: what `report list` shows and `report NAME` builds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crmcli.domain.metrics.population import Population
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.reports.catalogue import (
    assignment,
    baseline,
    changes,
    collisions,
    cycle,
    flow,
    followup,
    forecast,
    forecast_accuracy,
    funnel,
    leads,
    loss,
    pipeline,
    pool,
    quality,
    receivables,
    rep,
    review,
    scorecard,
    stage_age,
    stalled,
    velocity,
    weekly,
    winrate,
)
from crmcli.reports.model import Report
from crmcli.reports.options import ReportOptions


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report that can be asked for: its name on the command line, its title, what it shows and how it is made.

    `needs` are the parts of the population beyond deals and stage events that it is computed from. `period` is the
    usual one, in words, where none is given; "": the whole history.
    """

    name: str
    title: Message
    summary: Message
    build: Callable[[Population, ReportOptions], Report]
    needs: tuple[str, ...] = ()
    period: str = ""


REPORTS: tuple[ReportKind, ...] = tuple(
    ReportKind(module.NAME, module.TITLE, module.SUMMARY, module.build, module.NEEDS, getattr(module, "PERIOD", ""))
    for module in (
        funnel,
        winrate,
        loss,
        pipeline,
        flow,
        changes,
        forecast,
        forecast_accuracy,
        scorecard,
        baseline,
        quality,
        review,
        cycle,
        stage_age,
        stalled,
        velocity,
        followup,
        rep,
        leads,
        assignment,
        collisions,
        pool,
        receivables,
        weekly,
    )
)  # fmt: skip


class UnknownReportError(CrmError):
    """No report has the name that was asked for."""

    code = "unknown_report"

    def __init__(self, name: str) -> None:
        super().__init__(
            msg("There is no report named {name}", name=name),
            hint=msg("Use one of: {known}", known=[kind.name for kind in REPORTS]),
        )


def report_kind(name: str) -> ReportKind:
    """Return the report of that name.

    Raises:
        UnknownReportError: There is none.
    """
    for kind in REPORTS:
        if kind.name == name:
            return kind
    raise UnknownReportError(name)
