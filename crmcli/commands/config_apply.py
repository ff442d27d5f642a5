"""`config apply`: what the data make of a changed crm.toml."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli.commands.shell import Shell, command
from crmcli.i18n import _

if TYPE_CHECKING:
    from crmcli.jobs.applying_settings import Settled


def add_apply(config: typer.Typer) -> None:
    """Add `config apply`."""
    about = _("Take changed stages into the data: renamed ones, those known now; --dry-run shows it first.")

    @command(config, "apply", about, writes=True)
    def apply(
        shell: Shell,
        probabilities: Annotated[
            bool, typer.Option("--probabilities", help=_("give open opportunities their stage's present probability"))
        ] = False,
    ) -> None:
        from crmcli.jobs.applying_settings import apply_settings

        with shell.workspace() as workspace:
            done = apply_settings(workspace, probabilities=probabilities, dry_run=shell.dry_run)
        shell.show(asdict(done), *(_lines(done) or [_("nothing to change")]))


def _lines(done: Settled) -> list[str]:
    shapes = (
        (done.pipelines, _("{deals} opportunities without a pipeline: into {pipeline}")),
        (done.renamed, _("{pipeline}: {from} is called {to}: {deals} opportunities stand in it")),
        (done.placed, _("{from} means {to} now: {deals} opportunities")),
        (done.probabilities, _("{pipeline}: {stage} has the probability {probability} %: {deals} opportunities")),
        (done.unknown, _("{pipeline} has no stage {stage}, in which {deals} open opportunities stand")),
    )
    return [text.format(**entry) for entries, text in shapes for entry in entries]
