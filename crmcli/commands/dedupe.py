"""`dedupe`: who is the same customer."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.dedupe_alias import add_alias
from crmcli.commands.dedupe_explain import add_explain
from crmcli.commands.dedupe_model import add_model
from crmcli.commands.dedupe_review import add_review
from crmcli.commands.dedupe_unmerge import add_unmerge
from crmcli.commands.reading import TABLE, Reading
from crmcli.commands.shell import Shell, command, group
from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.matching.find import Engine


def add(app: typer.Typer) -> None:
    """Add `dedupe run|review|apply|explain|unmerge|alias|file`."""
    dedupe = group(_("Find out who is the same customer, merge, review, take back."))
    app.add_typer(dedupe, name="dedupe")
    _add_run(dedupe)
    add_review(dedupe)
    add_explain(dedupe)
    add_model(dedupe)
    add_unmerge(dedupe)
    add_alias(dedupe)
    _add_file(dedupe)


def _add_run(dedupe: typer.Typer) -> None:
    @command(
        dedupe, "run", _("Merge customers that are surely the same; store the doubtful pairs for review."), writes=True
    )
    def run(
        shell: Shell,
        engine: Annotated[str, typer.Option(metavar="local|spark", help=_("where it is computed"))] = "local",
        review_only: Annotated[bool, typer.Option("--review-only", help=_("merge nothing, review everything"))] = False,
        full: Annotated[
            bool, typer.Option("--full", help=_("score all pairs again, not only those that changed"))
        ] = False,
        refit: Annotated[bool, typer.Option("--refit", help=_("first fit the weights to these customers"))] = False,
    ) -> None:
        from crmcli.commands.dedupe_shown import run_lines
        from crmcli.jobs.dedupe.run import dedupe_customers

        started = perf_counter()
        elsewhere = _elsewhere(engine)
        matching = partial(dedupe_customers, review_only=review_only, full=full, refit=refit, dry_run=shell.dry_run)
        with shell.workspace() as workspace:
            done = matching(workspace, engine=elsewhere)
        document = asdict(done) | {"seconds": round(perf_counter() - started, 2)}
        shell.show(document, *run_lines(done))


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
        engine: Annotated[str, typer.Option(metavar="local|spark", help=_("where it is computed"))] = "local",
    ) -> None:
        from crmcli.commands.dedupe_shown import file_document, file_lines
        from crmcli.jobs.dedupe.spreadsheet import FileChoices, dedupe_file

        choices = FileChoices(reading.choices(), id_header, reasons, _elsewhere(engine))
        done = dedupe_file(file, out, choices, shell.settings())
        shell.show(file_document(done), *file_lines(done))


def _elsewhere(name: str) -> Engine | None:
    """Return the engine called `name`; None for this process."""
    from crmcli.commands.choices import BadOption
    from crmcli.jobs.dedupe.engines import ELSEWHERE

    if name != "local" and name not in ELSEWHERE:
        raise BadOption("--engine", name, ("local", *ELSEWHERE))
    return ELSEWHERE.get(name)
