"""Two outputs of one report, compared: both are made again from the journal, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from crmcli.config import config_hash
from crmcli.config.kept import settings_from
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.spliced import spliced
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg
from crmcli.jobs.reporting.causes import Causes, causes_between, passed_between
from crmcli.jobs.reporting.program import program
from crmcli.jobs.reporting.write_report import Asking, Prepared, prepare
from crmcli.jobs.workspace import Workspace
from crmcli.reports.difference import Cause, Compared, Step, difference_report
from crmcli.reports.made_of import MadeOf, read_made_of
from crmcli.reports.model import Report
from crmcli.reports.printed import TOTAL, Key, Number, figures_of, figures_of_file, naming_columns, row_words
from crmcli.reports.records_behind import records_behind


class DifferentReports(CrmError):
    """Two outputs are not of one report, or were asked for otherwise."""

    code = "report.different"
    exit_code = ExitCode.USAGE

    def __init__(self, one: MadeOf, other: MadeOf) -> None:
        super().__init__(
            msg("{one} and {other} cannot be compared", one=_asked(one), other=_asked(other)),
            hint=msg("Give two outputs of the same report with the same options; period and times may differ"),
        )


def _asked(made: MadeOf) -> str:
    return " ".join((made.name, *(f"--{name} {text}" for name, text in made.arguments.items())))


def diff_reports(workspace: Workspace, first: Path, second: Path) -> Report:
    """Return why the second output says something else than the first.

    Raises:
        NotAReport: one of them is none.
        DifferentReports: they are of different reports.
        UnbalancedReportError: what they print cannot be found again.
    """
    one, other = read_made_of(first), read_made_of(second)
    if (one.name, one.arguments) != (other.name, other.arguments):
        raise DifferentReports(one, other)
    then, now = _with_settings(workspace, one), _with_settings(workspace, other)
    start = _prepared(now, one, one)
    known = _prepared(now, one, other)
    end = _prepared(now, other, other)
    told = causes_between(workspace, one, other, start.kind.needs)
    passed = passed_between(workspace, one, other)
    states: list[tuple[Cause, Prepared]] = [
        (_beyond(workspace, one), start if then.settings == now.settings else _prepared(then, one, one)),
        ("settings", start),
        ("merged", _with(start, known, told, "merged")),
        ("fields", _with(start, known, told, "merged", "fields")),
        ("late", known),
        ("fields", _with(known, end, passed, "fields")),
        ("time", end),
    ]
    built = {id(state): state.kind.build(state.population, state.options) for _cause, state in states}
    last = built[id(end)]
    naming = naming_columns(last)
    found = {at: (figures_of(report, naming), records_behind(report, naming)) for at, report in built.items()}
    steps = [Step(cause, *found[id(state)]) for cause, state in states]
    before = Step(None, _printed(first, naming, steps[0].figures))
    after = Step(_beyond(workspace, other), _printed(second, naming, steps[-1].figures))
    words = {row: text for report in built.values() for row, text in row_words(report, naming).items()}
    compared = Compared((before, *steps, after), last, told.said | passed.said, words)
    return difference_report(compared, replace(end.options, period=other.period))


def _with_settings(workspace: Workspace, made: MadeOf) -> Workspace:
    """Return the workspace with the settings of an output, with those of today where it did not keep its own."""
    settings = settings_from(made.settings)
    return workspace if settings is None else replace(workspace, settings=settings)


def _beyond(workspace: Workspace, made: MadeOf) -> Cause:
    """Return why an output may print something else than is found with its own settings and what was known."""
    if settings_from(made.settings) is None and made.config_hash != config_hash(workspace.settings):
        return "settings"
    return "rest" if made.program == program() else "program"


def _printed(path: Path, naming: Mapping[str, tuple[str, ...]], made_again: Mapping[Key, Number]) -> dict[Key, Number]:
    """Return what a file prints; columns that it has not at all (a filled template) are as they are made again."""
    found = {
        at: one
        for at, one in figures_of_file(path, naming).items()
        if at[1] == TOTAL or len(at[1]) == len(naming.get(at[0], ()))
    }
    has = {(table, column) for table, _row, column in found}
    totals = {(table, column) for table, row, column in found if row == TOTAL}
    return found | {
        at: one for at, one in made_again.items()
        if (at[0], at[2]) not in has or (at[1] == TOTAL and (at[0], at[2]) not in totals)
    }  # fmt: skip


def _with(one: Prepared, other: Prepared, found: Causes, *causes: str) -> Prepared:
    """Return `one` with what has one of the causes as `other` knows it."""
    population = spliced(one.population, other.population, found.of(*causes), found.of_parts(*causes))
    return one if population is one.population else replace(one, population=population)


def _prepared(workspace: Workspace, asked: MadeOf, known: MadeOf) -> Prepared:
    """Return what a report is computed from, with what was known when another output was made."""
    then = replace(workspace, clock=lambda: asked.as_of)
    asking = replace(asking_of(asked), known_at=known.knew_until or known.as_of)
    return prepare(then, asked.name, asking)


def asking_of(made: MadeOf) -> Asking:
    """Return what a report was asked with, to ask again."""
    return replace(Asking(period=made.period), **_arguments(made.arguments))


def _arguments(texts: Mapping[str, str]) -> dict[str, Any]:
    known = {one.name: getattr(Asking(), one.name) for one in fields(Asking)}
    return {name: _value(name, known[name], text) for name, text in texts.items() if name in known}


def _value(name: str, default: Any, text: str) -> Any:
    if name == "closing":
        start, _dots, end = text.partition("..")
        return Period(*(date.fromisoformat(day) if day else None for day in (start, end)))
    if name == "event":
        return date.fromisoformat(text)
    if isinstance(default, tuple):
        return tuple(text.split(","))
    return True if isinstance(default, bool) else text
