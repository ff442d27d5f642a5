"""The page in a real browser, headless: it draws, says nothing on the console, and asks no network for anything."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import pytest

from crmcli.domain.metrics.population import Population
from crmcli.i18n import msg
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.html.document import write_page
from crmcli.reports.html.style import DARK, LIGHT
from crmcli.reports.json import document
from crmcli.reports.model import Chart, Column, Report, Section, Table
from crmcli.reports.options import ReportOptions

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), "")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
NASTY = "<script>alert(1)</script> & <b>大</b>"
WIDE, PHONE = 1280, 390
MARKS = "document.querySelectorAll('#ID .point path, #ID .scatterlayer .trace path.js-line').length"
FIGURES = """[...document.querySelectorAll("table.figures")].map(table => ({
  name: table.dataset.table,
  rows: [...table.tBodies[0].rows, ...(table.tFoot?.rows ?? [])].map(row => [...row.cells].map(cell => {
    const parts = cell.querySelector("small")?.textContent ?? "";
    return [cell.textContent.slice(0, cell.textContent.length - parts.length).trim(), parts];
  })),
}))"""


@dataclass
class Browser:
    """Chromium driven over a pipe by its DevTools protocol; `told` are the events so far."""

    to: IO[bytes]
    back: IO[bytes]
    session: str = ""
    sent: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)

    def do(self, method: str, **params: Any) -> Any:
        self.sent += 1
        call = {"id": self.sent, "method": method, "params": params}
        self.to.write(json.dumps(call | ({"sessionId": self.session} if self.session else {})).encode() + b"\0")
        self.to.flush()
        while (answer := self._next()).get("id") != self.sent:
            self.told.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def _next(self) -> dict[str, Any]:
        text = bytearray()
        while (byte := self.back.read(1)) != b"\0":
            assert byte, "the browser is gone"
            text += byte
        message: dict[str, Any] = json.loads(text)
        return message

    def ask(self, script: str) -> Any:
        given = self.do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in given, given
        return given["result"].get("value")

    def open(self, path: Path) -> None:
        """Show the page, unless it is the one that is shown: it is large."""
        if self.ask("location.href") == path.as_uri():
            return
        self.told.clear()
        self.be(WIDE)
        self.do("Page.navigate", url=path.as_uri())
        self.ask("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))")
        self.settled()

    def be(self, width: int) -> None:
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.settled()

    def settled(self) -> None:
        """Wait until what was asked for is drawn."""
        self.ask("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")

    def events(self, method: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.told if event.get("method") == method]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    options = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ]  # fmt: skip
    piped = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null'
    with subprocess.Popen(
        ["sh", "-c", piped, CHROMIUM, *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        driven = Browser(process.stdin, process.stdout)
        target = driven.do("Target.createTarget", url="about:blank")["targetId"]
        driven.session = driven.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            driven.do(f"{domain}.enable")
        yield driven
        driven.session = ""
        driven.do("Browser.close")


@pytest.fixture(scope="module")
def report(population: Population) -> Report:
    options = ReportOptions(as_of=datetime.fromisoformat("2026-03-10T09:00:00+08:00"), min_n=2)
    return report_kind("weekly").build(population, options)


@pytest.fixture(scope="module")
def path(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "周报.html"
    write_page(report, path)
    return path


def _clean(browser: Browser, path: Path) -> None:
    """Assert that nothing was said on the console and that the file is all that was asked for."""
    assert browser.events("Runtime.exceptionThrown") == []
    assert [said for said in browser.events("Runtime.consoleAPICalled") if said["type"] in ("error", "warning")] == []
    assert browser.events("Log.entryAdded") == []
    asked = {request["request"]["url"] for request in browser.events("Network.requestWillBeSent")}
    assert {url for url in asked if not url.startswith("data:")} == {path.as_uri()}


def test_charts_are_drawn_and_nothing_is_asked_of_a_network(browser: Browser, report: Report, path: Path) -> None:
    browser.open(path)
    charts = browser.ask("[...document.querySelectorAll('.chart')].map(chart => chart.id)")
    assert len(charts) == len([c for c in report.section.charts if report.table(c.table).rows])
    assert all(browser.ask(MARKS.replace("ID", chart)) for chart in charts)
    assert browser.ask("document.documentElement.scrollWidth") == WIDE
    _clean(browser, path)


def test_the_figures_are_those_of_the_document(browser: Browser, report: Report, path: Path) -> None:
    browser.open(path)
    shown = {table["name"]: table["rows"] for table in browser.ask(FIGURES)}
    for table in map(_in_words, document(report)["tables"]):
        rows = table["rows"] + ([table["total"]] if table["total"] else [])
        if not table["rows"]:
            continue
        assert [_read(row, table["columns"]) for row in shown[table["name"]]] == [_rounded(row, table) for row in rows]


def _in_words(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table without the codes that have words beside them: the page shows the words."""
    keys = [column["key"] for column in table["columns"]]
    kept = [place for place, key in enumerate(keys) if f"{key}_text" not in keys]

    def some(row: list[Any]) -> list[Any]:
        return [row[place] for place in kept]

    total = some(table["total"]) if table["total"] else None
    return table | {"columns": some(table["columns"]), "rows": [some(row) for row in table["rows"]], "total": total}


def _read(cells: list[list[str]], columns: list[dict[str, str]]) -> list[Any]:
    """Return what a row of the page says, in the document's values."""
    kinds = [column["type"] for column in columns if not column["key"].endswith(("_numerator", "_denominator"))]
    keys = [column["key"] for column in columns]
    values: list[Any] = []
    for kind, (text, parts) in zip(kinds, cells, strict=True):
        unknown = text == "—" or text.startswith("sample too small")
        values.append(None if unknown else _value(kind, text.replace(",", "") if kind != "text" else text))
        if f"{keys[len(values) - 1]}_numerator" in keys:
            values += [int(part.replace(",", "")) for part in parts.split("/")] if parts else [None, None]
    return values


def _value(kind: str, text: str) -> Any:
    match kind:
        case "int":
            return int(text)
        case "money":
            return Decimal(text)
        case _:
            return text


def _rounded(row: list[Any], table: dict[str, Any]) -> list[Any]:
    """Return a row of the document with rates and days as a page writes them."""
    return [
        None if value is None else _worded(column["type"], value)
        for column, value in zip(table["columns"], row, strict=True)
    ]


def _worded(kind: str, value: Any) -> Any:
    match kind:
        case "rate":
            return f"{value:.1%}"
        case "days":
            return f"{value:.1f}"
        case "money":
            return Decimal(value)
        case _:
            return value


def test_a_figure_opens_its_records(browser: Browser, report: Report, path: Path) -> None:
    browser.open(path)
    funnel = report.table("funnel_12m")
    link = funnel.links[0, "reached"]
    records = next(one for one in report.section.records if one.name == link.records)
    browser.ask("""document.querySelector('[data-table=funnel_12m] tbody a').click()""")
    browser.settled()
    opened = f"document.querySelector('[data-records={link.records}]')"
    assert browser.ask(f"{opened}.open")
    at = next(at for at, column in enumerate(records.columns) if column.key == "opportunity")
    listed = browser.ask(f"[...{opened}.querySelectorAll('tbody tr')].map(row => row.cells[{at}].textContent)")
    assert listed == [row[at] for row in records.rows[link.first : link.first + link.count]]
    browser.ask(f"[...{opened}.querySelectorAll('.bar button')].at(-1).click()")
    assert browser.ask(f"{opened}.querySelectorAll('tbody tr').length") == len(records.rows)
    _clean(browser, path)


def test_heads_sort_both_ways_and_back(browser: Browser, path: Path) -> None:
    browser.open(path)
    head = "document.querySelector('[data-table=loss_12m] thead [data-key=n]')"
    column = (
        """[...document.querySelector('[data-table=loss_12m]').tBodies[0].rows].map(row => row.cells[0].textContent)"""
    )
    first = browser.ask(column)
    seen = []
    for _click in range(3):
        browser.ask(f"{head}.firstElementChild.click()")
        seen.append((browser.ask(f"{head}.getAttribute('aria-sort')"), browser.ask(column)))
    assert [state for state, _rows in seen] == ["descending", "ascending", "none"]
    assert seen[2][1] == first
    assert all(sorted(rows) == sorted(first) for _state, rows in seen)


def test_dark_light_and_paper_recolour_the_charts(browser: Browser, path: Path) -> None:
    paper = "getComputedStyle(document.querySelector('.chart .main-svg')).backgroundColor"
    browser.open(path)
    browser.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    browser.settled()
    seen = [browser.ask(paper)]
    for said in ("dispatchEvent(new Event('beforeprint'))", "dispatchEvent(new Event('afterprint'))",
                 "document.getElementById('theme').click()"):  # fmt: skip
        browser.ask(said)
        browser.settled()
        seen.append(browser.ask(paper))
    browser.do("Emulation.setEmulatedMedia", features=[])
    browser.ask("localStorage.clear(); delete document.documentElement.dataset.theme")
    assert seen == [_rgb(colours["paper"]) for colours in (DARK, LIGHT, DARK, LIGHT)]


def _rgb(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"rgb({red}, {green}, {blue})"


def test_a_phone_scrolls_tables_and_never_the_page(browser: Browser, path: Path) -> None:
    browser.open(path)
    browser.be(PHONE)
    assert browser.ask("document.documentElement.scrollWidth") == PHONE
    assert browser.ask("[...document.querySelectorAll('.chart svg')].every(svg => svg.clientWidth <= innerWidth)")
    assert browser.ask("[...document.querySelectorAll('.scroll')].some(box => box.scrollWidth > box.clientWidth)")
    browser.be(WIDE)


def test_what_people_wrote_is_drawn_as_text(browser: Browser, options: ReportOptions, tmp_path: Path) -> None:
    columns = (Column("owner", msg("Owner"), "text"), Column("n", msg("Number"), "int"))
    table = Table("t", msg("Table"), columns, ((NASTY, 3),), msg("Sheet"))
    chart = Chart("bar", msg("Chart"), "t", "owner", ("n",))
    path = tmp_path / "x.html"
    write_page(Report("t", msg("T"), options.period, options.as_of, Section((table,), charts=(chart,))), path)
    browser.open(path)
    assert browser.ask("document.querySelector('.chart .xtick text').textContent") == NASTY
    assert browser.ask("document.querySelector('tbody th').textContent") == NASTY
    _clean(browser, path)
