"""What a report is asked with: the options of `report NAME`, and what was typed for them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.choices import BadOption
from crmcli.commands.moments import parse_day, parse_moment
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import _, msg
from crmcli.reports.names import REPORT_OPTIONS, WHY_NOT

if TYPE_CHECKING:
    from datetime import tzinfo

    from crmcli.domain.metrics.period import Period
    from crmcli.jobs.reporting.write_report import Asking

FORMATS = ("xlsx", "html", "csv", "md", "json")
_ALL = 10**9
"""Records that csv lists: as many as there are."""
_SPAN = "2026Q1|上月|last-week"


_SPELLED = {
    "period": ("--from", "--to", "--period"), "by": ("--by",), "mode": ("--mode",), "sort": ("--sort",),
    "pipeline": ("--pipeline",), "interval": ("--interval",), "closing": ("--closing",), "event": ("--event",),
    "working_days": ("--working-days",),
}  # fmt: skip
"""What only some reports take -> how it is written on the command line."""
_EVERY = ("--as-of", "--known-at", "--format", "--out", "--template")


class NotTaken(CrmError):
    """An option that a report has no use for."""

    code = "usage.not_taken"
    exit_code = ExitCode.USAGE

    def __init__(self, report: str, option: str, name: str) -> None:
        why, takes = WHY_NOT.get((report, name)), taken_options(report)
        super().__init__(
            msg("report {report} takes no {option}", report=report, option=option),
            hint=msg("{why} It takes {known}", why=why, known=takes) if why else msg("It takes {known}", known=takes),
        )


def taken_options(report: str) -> list[str]:
    """Return the options that a report takes as they are written: `--period` ..."""
    return [option for name in REPORT_OPTIONS[report] for option in _SPELLED[name]] + list(_EVERY)


def asked_options(report: str) -> list[inspect.Parameter]:
    """Return the parameters of a report's command; those that it does not take are there to be refused, not shown."""
    day = _("DATE")
    known: tuple[tuple[str, Any, str, str, str], ...] = (
        ("start", None, "--from", day, _("the first day")),
        ("end", None, "--to", day, _("the day after the last")),
        ("period", "", "--period --since", _SPAN, _("the period by its name")),
        ("by", "", "--by", "", _("break down by: owner, team, region, product, source, month ...")),
        ("known_at", "", "--known-at", _("TIME"), _("only what was recorded by then; `as-of`: by --as-of")),
        ("mode", "", "--mode", "reached|visited|strict", _("how the funnel counts (reached, if nothing is said)")),
        ("sort", "", "--sort", "n|amount", _("what the loss reasons are sorted by (n, if nothing is said)")),
        ("pipeline", "", "--pipeline", "", _("only one pipeline's opportunities: its key or name")),
        ("interval", False, "--interval", "", _("with the 95 % interval of rates")),
        ("closing", "", "--closing", _SPAN, _("only what was or is expected to close in this period")),
        ("event", "", "--event", day, _("the day that is compared before and after")),
        ("working_days", False, "--working-days", "", _("count working days by the holiday table")),
        ("form", "", "--format", "|".join(FORMATS), _("the form of the result")),
        ("out", None, "--out", "", _("the file to write; its ending says the form")),
        ("template", None, "--template", _("FILE.xlsx"), _template_words()),
    )
    taken = taken_options(report)
    return [_parameter(*one, hidden=one[2].split()[0] not in taken) for one in known]


def _template_words() -> str:
    return _(
        "your own workbook to fill and save to --out: ranges named crm_TABLE (all of it), crm_TABLE_COLUMN (its values "
        "downward), crm_FIGURE (of the cover), crm_title, crm_period, crm_as_of; names as in --format json. Formats, "
        "formulas and charts stay; macros, text boxes, shapes, slicers and sparklines get lost"
    )


def _parameter(name: str, default: Any, option: str, shown: str, about: str, *, hidden: bool) -> inspect.Parameter:
    kind: Any = (
        Path | None
        if name in ("out", "template")
        else bool
        if default is False
        else str | None
        if default is None
        else str
    )
    typed = typer.Option(*option.split(), metavar=shown or None, help=about, hidden=hidden)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, typed])


@dataclass(frozen=True)
class Asked:
    """What was typed for the options of `asked_options`, by name.

    Raises:
        NotTaken: one of them means nothing to the report.
    """

    report: str
    given: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse what means nothing to the report."""
        for name, options in _SPELLED.items():
            named = zip(("start", "end", "period") if name == "period" else (name,), options, strict=True)
            for key, option in named:
                if self.given[key] and name not in REPORT_OPTIONS[self.report]:
                    raise NotTaken(self.report, option, name)

    @property
    def out(self) -> Path | None:
        """Return the file to write, if any."""
        path: Path | None = self.given["out"]
        return path

    @property
    def template(self) -> Path | None:
        """Return the company's own workbook to fill, if any.

        Raises:
            BadOption: the result is no workbook, or it would take the template's place.
        """
        path: Path | None = self.given["template"]
        if path is not None and self.form() != "xlsx":
            raise BadOption("--template", str(path), msg("--out FILE.xlsx beside it"))
        if path is not None and self.out is not None and path.resolve() == self.out.resolve():
            raise BadOption("--out", str(self.out), msg("another file than the template"))
        return path

    def form(self) -> str:
        """Return a format of `FORMATS` or "" (for people): what --format says, else what the file's name ends with.

        Raises:
            BadOption: a format that is unknown, a workbook or page without a file.
        """
        form, out = self.given["form"], self.out
        if out is not None and not form:
            form = out.suffix.removeprefix(".").lower() or "xlsx"
            if form not in FORMATS:
                raise BadOption("--out", str(out), [f".{known}" for known in FORMATS])
        if form and form not in FORMATS:
            raise BadOption("--format", form, FORMATS)
        if form in ("xlsx", "html") and out is None:
            raise BadOption("--format", form, msg("--out FILE beside it"))
        return str(form)

    def asking(self, now: str, zone: tzinfo, week_starts: str) -> Asking:
        """Return what the report is asked with; period words are seen from the day of `now` (ISO).

        Raises:
            CrmError: an option that cannot be read.
        """
        from crmcli.domain.metrics.period_words import period_of
        from crmcli.jobs.reporting.write_report import Asking

        given, today = self.given, date.fromisoformat(now[:10])
        for option, allowed in (("mode", ("reached", "visited", "strict")), ("sort", ("n", "amount"))):
            if given[option] and given[option] not in allowed:
                raise BadOption(f"--{option}", given[option], allowed)
        return Asking(
            period=self._period(today, week_starts),
            by=tuple(key.strip() for key in given["by"].split(",") if key.strip()),
            mode=given["mode"] or "reached",
            sort=given["sort"] or "n",
            interval=given["interval"],
            pipeline=given["pipeline"],
            known_at=_moment(given["known_at"], now, zone),
            closing=period_of(given["closing"], today, week_starts) if given["closing"] else None,
            event=parse_day(given["event"]) if given["event"] else None,
            working_days=given["working_days"],
            **({"records_limit": _ALL} if self.form() == "csv" else {}),
        )

    def _period(self, today: date, week_starts: str) -> Period:
        from crmcli.domain.metrics.period import Period
        from crmcli.domain.metrics.period_words import period_of

        start, end, word = (self.given[key] for key in ("start", "end", "period"))
        if word and (start or end):
            raise BadOption("--period", word, msg("either a period or --from and --to"))
        return (
            period_of(word, today, week_starts)
            if word
            else Period(parse_day(start) if start else None, parse_day(end) if end else None)
        )


def _moment(text: str, now: str, zone: tzinfo) -> datetime | None:
    if text == "as-of":
        return datetime.fromisoformat(now)
    return parse_moment(text, zone) if text else None
