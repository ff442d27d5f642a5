"""A report as one page that needs nothing else: cards, charts, sortable tables, the records behind every figure."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.i18n import _, current_language
from crmcli.reports.about import about, change, settings
from crmcli.reports.files import whole_file
from crmcli.reports.html.charts import Figure, figure, is_drawn
from crmcli.reports.html.style import part, style_sheet
from crmcli.reports.html.tables import ShownRecords, ShownTable, shown_records, shown_table
from crmcli.reports.model import Chart, Column, Headline, Report, Table
from crmcli.reports.warnings import warnings
from crmcli.reports.wording import wording

if TYPE_CHECKING:
    from jinja2 import Template

NOTES = 6
"""Lines of warnings at the top at most; all stand beside their tables."""
LONG_VALUE = 10
"""A card's figure of more signs is set smaller."""


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart; `said` is what a screen reader says instead of it; `wide` ones have a line of their own."""

    id: str
    title: str
    said: str
    wide: bool
    figure: Figure


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading: the charts side by side, the tables, the records behind them."""

    id: str
    title: str
    charts: tuple[ShownChart, ...]
    tables: tuple[ShownTable, ...]
    records: tuple[ShownRecords, ...]


def write_page(report: Report, path: Path) -> None:
    """Write the report to `path`, whole or not at all, readable by its owner only.

    Raises:
        FileNotWritten: The file system refused.
    """
    with whole_file(path) as file:
        file.write(page(report).encode(errors="replace"))


def page(report: Report) -> str:
    """Return the report as a page; the same report gives the same page."""
    from markupsafe import Markup

    sections = _sections(report)
    drawing = _charting_script() if any(section.charts for section in sections) else ""
    script = part("report.js")
    return _template().render(
        lang={"zh": "zh-CN"}.get(current_language(), current_language()),
        policy=_policy(script, drawing),
        title=str(report.title), about=about(report), words=_words(),
        cards=[_card(headline, report.min_n) for headline in report.headlines],
        summary=[str(sentence) for sentence in report.summary],
        warnings=warnings(report, NOTES) if report.headlines else [],
        sections=sections, settings=settings(report), checks=_checks(report),
        definitions=[(str(one.term), str(one.sentence)) for one in report.section.definitions],
        style=Markup(style_sheet()), script=Markup(script), drawing=Markup(drawing),  # noqa: S704 - our own files
    )  # fmt: skip


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("crmcli.reports.html", "page"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment.get_template("report.html.jinja")


@cache
def _charting_script() -> str:
    """Return plotly.js as its Python package ships it, safe to stand inside a page."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).replace("\r\n", "\n").replace("</script", "<\\/script")


def _policy(*scripts: str) -> str:
    """Return what the browser lets the page do: run these scripts and no other, load nothing from anywhere."""
    hashes = " ".join(f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in scripts if one)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:"


def _sections(report: Report) -> tuple[Section, ...]:
    """Return a section for each sheet that a workbook would have; a list of records stands where it is used first."""
    groups: dict[str, list[Table]] = {}
    for table in report.tables:
        groups.setdefault(str(table.sheet), []).append(table)
    lists = {one.name: (f"records-{number}", one) for number, one in enumerate(report.section.records, 1)}
    waiting = {one.name: one for one in report.section.records}
    ids = {table.name: f"table-{number}" for number, table in enumerate(report.tables, 1)}
    sections = []
    for number, (title, tables) in enumerate(groups.items(), 1):
        linked = dict.fromkeys(link.records for table in tables for link in table.links.values())
        last = list(waiting) if number == len(groups) else []
        here = [waiting.pop(name) for name in dict.fromkeys([*linked, *last]) if name in waiting]
        sections.append(Section(
            f"section-{number}", title, _charts(report, tables),
            tuple(shown_table(table, report, ids[table.name], lists) for table in tables),
            tuple(shown_records(records, lists[records.name][0]) for records in here),
        ))  # fmt: skip
    return tuple(sections)


def _charts(report: Report, tables: list[Table]) -> tuple[ShownChart, ...]:
    return tuple(
        _chart(f"chart-{number}", chart, report)
        for number, chart in enumerate(report.section.charts, 1)
        if chart.table in {table.name for table in tables} and is_drawn(chart, report.table(chart.table))
    )


def _chart(id_: str, chart: Chart, report: Report) -> ShownChart:
    table = report.table(chart.table)
    said = _("Chart: {title}. Its figures stand in the table {table}.").format(title=chart.title, table=table.title)
    return ShownChart(id_, str(chart.title), said, chart.kind == "waterfall", figure(chart, table, report.min_n))


def _card(headline: Headline, min_n: int) -> dict[str, Any]:
    column = Column(headline.key, headline.label, headline.type)
    value = wording(headline.value, column, min_n).removesuffix(".00")
    text, mood = change(headline, min_n)
    return {
        "key": headline.key, "label": str(headline.label), "value": value, "long": len(value) > LONG_VALUE,
        "change": text, "mood": mood,
    }  # fmt: skip


def _checks(report: Report) -> list[dict[str, str]]:
    return [
        {"name": check.name, "detail": str(check.detail), "outcome": _("holds") if check.ok else _("FAILS"),
         "mood": "good" if check.ok else "bad"}
        for check in report.section.checks
    ]  # fmt: skip


def _words() -> dict[str, str]:
    """Return the page's own words, those of its script among them."""
    return {
        "contents": _("Contents"), "definitions": _("Definitions"), "settings": _("Settings"), "checks": _("Checks"),
        "dark": _("Dark"), "headlines": _("The week's figures"), "read_first": _("Read this first"),
        "no_script": _("Charts and records show in a web browser that runs scripts."),
        "more_columns": _("More columns"), "fewer_columns": _("Fewer columns"),
        "no_rows": _("Nothing in this period"),
        "all_records": _("{n} records"), "some_records": _("The first {shown} of {n} records"),
        "every_record": _("All records of this list"), "show_more": _("Show more"), "back": _("Back to the figure"),
    }  # fmt: skip
