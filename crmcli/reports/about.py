"""What stands around a report's tables: what it is of, the settings behind it, how a headline changed."""

from __future__ import annotations

from typing import Literal

from crmcli.i18n import _
from crmcli.reports.model import Column, Headline, Report
from crmcli.reports.wording import UNKNOWN, number, span, wording

Mood = Literal["good", "bad", "same"]


def about(report: Report) -> list[str]:
    """Return whose figures they are, of what period and as of when, and when the data was last written."""
    as_of = report.as_of.isoformat(sep=" ", timespec="minutes")
    lines = [report.company, _("Period: {span}").format(span=span(report)), _("As of {as_of}").format(as_of=as_of)]
    if report.data_time:
        data_time = report.data_time.isoformat(sep=" ", timespec="minutes")
        lines.append(_("data of {data_time}").format(data_time=data_time))
    return [line for line in lines if line]


def settings(report: Report) -> list[tuple[str, str]]:
    """Return the name and value of everything that the figures depend on beside the data."""
    known_at = [(_("Known at"), report.known_at.isoformat())] if report.known_at else []
    return [
        (_("Report"), report.name), (_("Period"), span(report)), (_("As of"), report.as_of.isoformat()), *known_at,
        (_("Data time"), report.data_time.isoformat() if report.data_time else UNKNOWN),
        (_("Smallest sample (min_n)"), str(report.min_n)), (_("Config hash"), report.config_hash or UNKNOWN),
        (_("Program"), report.program or UNKNOWN),
        *((f"--{name.replace('_', '-')}", text) for name, text in report.arguments),
    ]  # fmt: skip


def change(headline: Headline, min_n: int) -> tuple[str, Mood]:
    """Return the figure of the week before with the change, and whether that is good, bad or the same."""
    column = Column(headline.key, headline.label, headline.type)
    before = wording(headline.previous, column, min_n).removesuffix(".00")
    now, then = number(headline.value, min_n), number(headline.previous, min_n)
    if now is None or then is None:
        return _("week before {before}").format(before=before), "same"
    step = now - then
    mood: Mood = "same"
    if step and headline.more_is != "neither":
        mood = "good" if (step > 0) == (headline.more_is == "good") else "bad"
    sign = "＝" if step == 0 else "▲" if step > 0 else "▼"
    size = _("{points:.1f} points").format(points=abs(step) * 100) if headline.type == "rate" else f"{abs(step):,.0f}"
    return _("week before {before}  {sign} {size}").format(before=before, sign=sign, size=size), mood
