from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import msg, set_language
from crmcli.reports.catalogue.every import REPORTS, report_kind
from crmcli.reports.files import FileNotWritten
from crmcli.reports.html.document import page, write_page
from crmcli.reports.model import Chart, Column, Definition, Link, Note, Records, Report, Section, Table
from crmcli.reports.options import ReportOptions

NASTY = '<script>alert("顾客")</script>&amp;'
LOADING = ("src", "srcset", "href", "action", "formaction", "data", "poster", "background")


class Elements(HTMLParser):
    """Elements of a page in order: (tag, attributes), and the own texts of each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[tuple[str, int]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        texts = self.texts.setdefault(tag, [])
        texts.append("")
        if tag not in ("meta", "link"):
            self._open.append((tag, len(texts) - 1))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            tag, at = self._open[-1]
            self.texts[tag][at] = (self.texts[tag][at] + data).strip()

    def all(self, tag: str) -> Iterator[dict[str, str]]:
        return (attributes for name, attributes in self.found if name == tag)


def _report(name: str, population: Population, options: ReportOptions) -> Report:
    return report_kind(name).build(population, options)


@pytest.fixture
def weekly(population: Population, options: ReportOptions) -> Report:
    return _report("weekly", population, options)


def _own(html: str) -> str:
    """Return the page without the charting library."""
    return html[: html.rindex("<script>")]


def _small(options: ReportOptions, chart: Chart | None = None) -> Report:
    """Return a report of one table with everything in it that a page must take care of."""
    columns = (
        Column("owner", msg("Owner"), "text"), Column("n", msg("Number"), "int"),
        Column("rate", msg("Win rate"), "rate", parts=True), Column("amount", msg("Amount"), "money", minor=True),
        Column("day", msg("Day"), "date"), Column("change", msg("Change"), "int", signed=True),
    )  # fmt: skip
    rows = (
        (NASTY, 1234, Rate(4, 7, 7), Decimal("1234567.50"), date(2026, 3, 5), 2),
        ("王芳", 0, Rate(1, 3, 3), None, None, -1),
    )
    table = Table(
        "small", msg("By owner"), columns, rows, msg("Owners"),
        total=(msg("Total"), 1234, Rate(5, 10, 10), None, None, 1),
        links={(0, "n"): Link("behind", 0, 5), (1, "n"): Link("behind", 9, 2)},
    )  # fmt: skip
    behind = Records("behind", msg("Records"), (Column("name", msg("Name"), "text"),), ((NASTY,), (None,)), 11)
    section = Section(
        (table,), (behind,), (), (chart,) if chart else (), (Note("code", "small", msg("note of {x}", x=NASTY)),),
        (Definition(msg("Number"), msg("How many"), ("n",)),),
    )  # fmt: skip
    return Report("small", msg("Small"), options.period, options.as_of, section, min_n=5, company=NASTY)


def test_one_file_that_loads_nothing(weekly: Report) -> None:
    html = page(weekly)
    policy = next(meta["content"] for meta in Elements(_own(html)).all("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    read = Elements(_own(html))
    attributes = [pair for _tag, given in read.found for pair in given.items()]
    assert not [value for name, value in attributes if name in LOADING and not value.startswith(("#", "data:,"))]
    assert not [name for name, _value in attributes if name.startswith("on")]
    assert not any(word in read.texts["style"][0] for word in ("url(", "@import"))


def test_the_same_report_is_the_same_page(weekly: Report) -> None:
    assert page(weekly) == page(weekly)


def test_what_people_wrote_stays_text(options: ReportOptions) -> None:
    chart = Chart("bar", msg("Numbers"), "small", "owner", ("n",))
    html = _own(page(_small(options, chart)))
    assert NASTY not in html
    read = Elements(html)
    assert f"note of {NASTY}" in read.texts["p"]
    assert NASTY in read.texts["th"]
    drawn, behind = (json.loads(text) for text in read.texts["script"][:2])
    assert behind["rows"] == [[NASTY], [""]]
    assert drawn["layout"]["xaxis"]["ticktext"][0] == "&lt;script&gt;alert(&quot;顾客&quot;)&lt;/script&gt;&amp;amp;"


def test_figures_are_written_as_everywhere(options: ReportOptions) -> None:
    read = Elements(page(_small(options)))
    assert [text for text in read.texts["td"] if text] == [
        "57.1%", "1,234,567.50", "2026-03-05", "+2",
        "0", "样本不足(n=3)", "—", "—", "-1",
        "1,234", "50.0%", "—", "—", "+1",
    ]  # fmt: skip
    assert [text for text in read.texts["small"] if text] == ["4/7", "1/3", "5/10"]
    shares = [cell["style"] for cell in read.all("td") if "style" in cell]
    assert shares == ["--share:0.571", "--share:0.500"]


@pytest.fixture(autouse=True)
def _chinese(request: pytest.FixtureRequest) -> Iterator[None]:
    chinese = request.node.name in ("test_figures_are_written_as_everywhere", "test_the_page_says_its_language")
    set_language("zh" if chinese else "en")
    yield
    set_language("en")


def test_the_page_says_its_language(weekly: Report) -> None:
    read = Elements(_own(page(weekly)))
    assert next(read.all("html"))["lang"] == "zh-CN"
    assert "销售周报" in read.texts["h1"]


def test_figures_lead_to_their_records(options: ReportOptions) -> None:
    read = Elements(page(_small(options)))
    links = [link for link in read.all("a") if "data-first" in link]
    # the other's records were cut
    assert links == [{"href": "#records-1", "data-first": "0", "data-shown": "2", "data-count": "5"}]
    assert [details["id"] for details in read.all("details")] == ["records-1"]
    assert any("The first 2 of 11 records" in text for text in read.texts["span"])


def test_text_of_several_lines_keeps_them(options: ReportOptions) -> None:
    table = Table("one", msg("One"), (Column("course", msg("Course"), "text"),), (("三天\n没有人跟进",),), msg("One"))
    report = replace(_small(options), section=Section((table,)))
    assert '<th scope="row" class="text lines">' in page(report)


def test_every_head_sorts_by_a_button(options: ReportOptions) -> None:
    read = Elements(page(_small(options)))
    heads = [head for head in read.all("th") if head.get("scope") == "col"]
    assert [(head["data-key"], head["aria-sort"]) for head in heads] == [
        (key, "none") for key in ("owner", "n", "rate", "amount", "day", "change")
    ]
    assert [button["title"] for button in read.all("button") if "title" in button] == ["How many"]


def test_a_page_without_charts_needs_no_library(options: ReportOptions) -> None:
    assert len(page(_small(options))) < 100_000


def test_headlines_notes_checks_and_definitions(weekly: Report) -> None:
    read = Elements(_own(page(weekly)))
    cards = [card["data-key"] for card in read.all("div") if card.get("class") == "card"]
    assert cards == [headline.key for headline in weekly.headlines]
    said = " ".join(read.texts["li"])
    assert all(str(check.detail) in said for check in weekly.section.checks)
    assert [str(one.term) for one in weekly.section.definitions] == read.texts["dt"][: len(weekly.section.definitions)]
    notes = [text for text, p in zip(read.texts["p"], read.all("p"), strict=True) if p.get("class") == "note"]
    assert sorted(notes) == sorted(str(note.text) for note in weekly.section.notes)


def test_charts_say_where_their_figures_are(weekly: Report) -> None:
    charts = [div for div in Elements(_own(page(weekly))).all("div") if div.get("role") == "img"]
    assert charts
    assert all("Its figures stand in the table" in chart["aria-label"] for chart in charts)


@pytest.mark.parametrize("kind", REPORTS, ids=lambda kind: kind.name)
def test_every_report_of_deals_becomes_a_page(kind: Any, population: Population, options: ReportOptions) -> None:
    if kind.needs:
        pytest.skip("it needs more than the deals")
    report = kind.build(population, options)
    tables = [table["data-table"] for table in Elements(_own(page(report))).all("table")]
    assert sorted(tables) == sorted(table.name for table in report.tables)


def test_written_whole_and_private(weekly: Report, tmp_path: Path) -> None:
    path = tmp_path / "周报.html"
    write_page(replace(weekly, company="\ud800"), path)  # what no file can hold
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(FileNotWritten):
        write_page(weekly, tmp_path / "none" / "x.html")
