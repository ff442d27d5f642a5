"""`dedupe`: who is the same customer."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.reading import TABLE, Reading
from crmcli.commands.shell import Shell, command, group
from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.jobs.dedupe.unmerge import Merge

_ENGINES = ("local",)


def add(app: typer.Typer) -> None:
    """Add `dedupe run|review|apply|explain|unmerge|alias|file`."""
    dedupe = group(_("Find out who is the same customer, merge, review, take back."))
    app.add_typer(dedupe, name="dedupe")
    _add_run(dedupe)
    _add_review(dedupe)
    _add_apply(dedupe)
    _add_explain(dedupe)
    _add_unmerge(dedupe)
    _add_alias(dedupe)
    _add_file(dedupe)


def _add_run(dedupe: typer.Typer) -> None:
    @command(
        dedupe, "run", _("Merge customers that are surely the same; store the doubtful pairs for review."), writes=True
    )
    def run(
        shell: Shell,
        engine: Annotated[str, typer.Option(metavar="local", help=_("where it is computed"))] = "local",
        review_only: Annotated[bool, typer.Option("--review-only", help=_("merge nothing, review everything"))] = False,
        full: Annotated[
            bool, typer.Option("--full", help=_("score all pairs again, not only those that changed"))
        ] = False,
    ) -> None:
        from crmcli.commands.choices import BadOption
        from crmcli.commands.dedupe_shown import run_lines
        from crmcli.jobs.dedupe.run import dedupe_customers

        if engine not in _ENGINES:
            raise BadOption("--engine", engine, _ENGINES)
        started = perf_counter()
        with shell.workspace() as workspace:
            done = dedupe_customers(workspace, review_only=review_only, full=full, dry_run=shell.dry_run)
        document = asdict(done) | {"seconds": round(perf_counter() - started, 2)}
        shell.show(document, *run_lines(done))


def _add_review(dedupe: typer.Typer) -> None:
    @command(dedupe, "review", _("Write the doubtful pairs into a workbook, side by side, with a decision column."))
    def review(shell: Shell, out: Annotated[Path, typer.Option("--out", help=_("the workbook to write"))]) -> None:
        from crmcli.jobs.dedupe.review import review_workbook

        with shell.workspace() as workspace:
            pairs = review_workbook(workspace, out)
        line = _("{pairs} pairs to decide in {path}").format(pairs=pairs, path=out)
        back = _("fill in the first column and take it back with: crmcli dedupe apply {path}").format(path=out)
        shell.show({"pairs": pairs, "out": str(out)}, line, *([back] if pairs else []))


def _add_apply(dedupe: typer.Typer) -> None:
    @command(dedupe, "apply", _("Take a review workbook back: decisions are remembered, the same merged."), writes=True)
    def apply_(shell: Shell, file: Annotated[Path, typer.Argument(help=_("the workbook, filled in"))]) -> None:
        from crmcli.commands.dedupe_shown import apply_document, apply_lines
        from crmcli.jobs.dedupe.applying import apply_review
        from crmcli.jobs.returned import read_returned

        with shell.workspace() as workspace:
            done = apply_review(workspace, read_returned(file), dry_run=shell.dry_run)
        shell.show(apply_document(done), *apply_lines(done))


def _add_explain(dedupe: typer.Typer) -> None:
    @command(dedupe, "explain", _("Say why two customers are, or are not, the same: every reason with its weight."))
    def explain(
        shell: Shell,
        a: Annotated[str, typer.Argument(help=_("a number (C12), an id, a phone or a name"))],
        b: Annotated[str, typer.Argument(help=_("the other one"))],
    ) -> None:
        from crmcli.commands.dedupe_shown import explain_document, explain_shown
        from crmcli.jobs.dedupe.explaining import explain_pair

        with shell.workspace() as workspace:
            told = explain_pair(workspace, a, b)
        shell.show(explain_document(told), *explain_shown(told))


def _add_unmerge(dedupe: typer.Typer) -> None:
    @command(dedupe, "unmerge", _("Take one merge back; it is remembered that the two are different."), writes=True)
    def unmerge_(
        shell: Shell,
        number: Annotated[str, typer.Argument(metavar="ID", help=_("the customer that was merged away, as in C12"))],
    ) -> None:
        from crmcli.commands.dedupe_shown import unmerge_document, unmerge_lines
        from crmcli.jobs.dedupe.unmerge import find_merge, unmerge

        with shell.workspace() as workspace:
            merge = find_merge(workspace, number)
            done = unmerge(workspace, merge, _moving(shell, merge), dry_run=shell.dry_run)
        shell.show(unmerge_document(done), *unmerge_lines(done))


def _moving(shell: Shell, merge: Merge) -> list[tuple[str, int]]:
    """Return the later children that a person on a terminal gives to the restored customer; none without one."""
    from crmcli.domain.records import record_number

    if shell.yes or not sys.stdin.isatty():
        return []
    words = _("{record} {name} came after the merge. Does it belong to {customer}?")
    home = record_number("customer", merge.loser)
    moving = []
    for kind, record in merge.born_since:
        name = record.get("name") or record.get("text") or ""
        question = words.format(record=record_number(kind, record["id"]), name=name, customer=home)
        if typer.confirm(question, default=False, err=True):
            moving.append((kind, int(record["id"])))
    return moving


def _add_alias(dedupe: typer.Typer) -> None:
    @command(dedupe, "alias", _("Say that a short name means a full one; without names, list them."), writes=True)
    def alias(
        shell: Shell,
        short: Annotated[str, typer.Argument(help=_("the name that people write"))] = "",
        full: Annotated[str, typer.Argument(help=_("the name that it means"))] = "",
    ) -> None:
        from crmcli.commands.choices import BadOption
        from crmcli.commands.dedupe_shown import alias_table
        from crmcli.i18n import msg
        from crmcli.jobs.dedupe.aliases import list_aliases, set_alias

        if short and not full:
            raise BadOption("dedupe alias", short, msg("the full name too"))
        with shell.workspace() as workspace:
            run = set_alias(workspace, short, full, dry_run=shell.dry_run) if short else None
            aliases = list_aliases(workspace)
        if short:
            line = _("{short} means {full}").format(short=short, full=full)
            shell.show({"run": run, "short": short, "full": full}, line)
        else:
            shell.show(aliases, alias_table(aliases))


def _add_file(dedupe: typer.Typer) -> None:
    about = _("De-duplicate any spreadsheet, without a database: its columns and the groups found.")

    @command(dedupe, "file", about, reads=TABLE)
    def file_(
        shell: Shell,
        reading: Reading,
        file: Annotated[Path, typer.Argument(metavar="INPUT", help=_("the spreadsheet"))],
        out: Annotated[Path, typer.Option("--out", help=_("what to write: .csv, or .xlsx with coloured groups"))],
        id_header: Annotated[str, typer.Option("--id", metavar=_("HEADER"), help=_("the column that holds ids"))] = "",
        reasons: Annotated[bool, typer.Option("--reasons", help=_("add a column that says why"))] = False,
    ) -> None:
        from crmcli.commands.dedupe_shown import file_document, file_lines
        from crmcli.jobs.dedupe.spreadsheet import FileChoices, dedupe_file

        choices = FileChoices(reading.choices(), id_header, reasons)
        done = dedupe_file(file, out, choices, shell.settings())
        shell.show(file_document(done), *file_lines(done))
