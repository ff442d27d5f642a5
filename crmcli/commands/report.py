"""`report`: the figures, on the terminal, as JSON or as a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.choices import BadOption
from crmcli.commands.shell import NotATime, Shell, command, group
from crmcli.i18n import _, msg

if TYPE_CHECKING:
    from crmcli.domain.metrics.funnel import Mode
    from crmcli.domain.metrics.period import Period
    from crmcli.reports.model import Report

_FORMATS = ("xlsx", "json")


def add(app: typer.Typer) -> None:
    """Add `report` with a command for each report of the catalogue."""
    from crmcli.reports.names import REPORT_NAMES

    reports = group(_("The figures: funnel, win rate, loss reasons, pipeline, the weekly workbook."))
    app.add_typer(reports, name="report")

    @command(reports, "list", _("List the reports."))
    def list_(shell: Shell) -> None:
        from crmcli.reports.catalogue.every import REPORTS

        found = [{"name": kind.name, "title": str(kind.title), "summary": str(kind.summary)} for kind in REPORTS]
        shell.show(found, *(_("{name}: {title}. {summary}").format(**row) for row in found))

    for name, summary in REPORT_NAMES.items():
        _add_report(reports, name, str(summary))


def _add_report(reports: typer.Typer, name: str, summary: str) -> None:
    @command(reports, name, summary, timed=True)
    def report(
        shell: Shell,
        start: Annotated[str | None, typer.Option("--from", metavar=_("DATE"), help=_("the first day"))] = None,
        end: Annotated[str | None, typer.Option("--to", metavar=_("DATE"), help=_("the day after the last"))] = None,
        by: Annotated[str, typer.Option(help=_("break down by: owner, team, region, product, source ..."))] = "",
        mode: Annotated[
            str, typer.Option(metavar="reached|visited|strict", help=_("how the funnel counts"))
        ] = "reached",
        pipeline: Annotated[str, typer.Option(help=_("only the opportunities of one pipeline: its key or name"))] = "",
        interval: Annotated[bool, typer.Option("--interval", help=_("with the 95 % interval of rates"))] = False,
        form: Annotated[
            str, typer.Option("--format", metavar="|".join(_FORMATS), help=_("the form of the result"))
        ] = "",
        out: Annotated[Path | None, typer.Option("--out", help=_("the file to write: a workbook, or .json"))] = None,
    ) -> None:
        from crmcli.jobs.write_report import make_report
        from crmcli.store.records import count

        form = _format(form, out)
        period = _period(start, end)
        keys = tuple(key.strip() for key in by.split(",") if key.strip())
        with shell.workspace() as workspace:
            made = make_report(
                workspace, name, period=period, by=keys, mode=_mode(mode), interval=interval, pipeline=pipeline
            )
            if not count(workspace.db, "opportunity"):
                shell.note(_("there are no opportunities yet: `crmcli import FILE...` brings them in"))
        _give(shell, made, form, out)


def _format(form: str, out: Path | None) -> str:
    """Return "xlsx", "json" or "" (for people): what --format says, else what the file's name ends with."""
    if out is not None and not form:
        form = out.suffix.removeprefix(".").lower() or "xlsx"
        if form not in _FORMATS:
            raise BadOption("--out", str(out), [f".{known}" for known in _FORMATS])
    if form and form not in _FORMATS:
        raise BadOption("--format", form, _FORMATS)
    if form == "xlsx" and out is None:
        raise BadOption("--format", form, msg("--out FILE beside it"))
    return form


def _give(shell: Shell, report: Report, form: str, out: Path | None) -> None:
    from crmcli.reports.json import document

    if out is not None:
        from crmcli.jobs.write_report import save_report

        save_report(report, out, form)
        shell.note(_("wrote {path}").format(path=out))
    if shell.json or (form == "json" and out is None):
        shell.as_json().show(document(report))
    elif out is None:
        from crmcli.reports.terminal import show

        show(report, shell.console())


def _mode(text: str) -> Mode:
    modes: dict[str, Mode] = {"reached": "reached", "visited": "visited", "strict": "strict"}
    if text not in modes:
        raise BadOption("--mode", text, list(modes))
    return modes[text]


def _period(start: str | None, end: str | None) -> Period:
    from crmcli.domain.metrics.period import Period

    return Period(_day(start), _day(end))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotATime(text or "") from error
