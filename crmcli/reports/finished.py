"""A report made whole: its section with everything that it was asked with, its checks held against it."""

from __future__ import annotations

from crmcli.domain.metrics.period import Period
from crmcli.i18n import Message
from crmcli.reports.model import Headline, Report, Section, balanced
from crmcli.reports.options import ReportOptions


def finished(
    name: str,
    title: Message,
    section: Section,
    options: ReportOptions,
    *,
    period: Period | None = None,
    headlines: tuple[Headline, ...] = (),
    summary: tuple[Message, ...] = (),
) -> Report:
    """Return the report; `period` where it is another than the one asked for.

    Raises:
        UnbalancedReportError: One of its checks failed.
    """
    return balanced(
        Report(
            name=name,
            title=title,
            period=period or options.period,
            as_of=options.as_of,
            section=section,
            config_hash=options.config_hash,
            min_n=options.min_n,
            company=options.company,
            data_time=options.data_time,
            headlines=headlines,
            known_at=options.known_at,
            arguments=options.arguments,
            program=options.program,
            settings=options.settings,
            summary=summary,
        )
    )
