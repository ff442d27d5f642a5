"""`pool`: what falls into the public pools, and who takes it out again."""

from __future__ import annotations

from typing import Annotated

import typer

from crmcli.commands.shell import Shell, command, group
from crmcli.commands.written import undo_lines
from crmcli.i18n import _


def add(app: typer.Typer) -> None:
    """Add `pool plan|run|list|claim`."""
    pools = group(_("The public pools: what falls into them by the rules in crm.toml, and who claims it."))
    app.add_typer(pools, name="pool")
    _add_plan(pools)
    _add_run(pools)
    _add_list(pools)
    _add_claim(pools)


def _add_plan(pools: typer.Typer) -> None:
    @command(pools, "plan", _("Say what will fall into a pool, when and why, and what will not."), timed=True)
    def plan(
        shell: Shell,
        days: Annotated[int, typer.Option(min=0, help=_("how many days ahead"))] = 7,
        owner: Annotated[str, typer.Option("--owner", help=_("only this owner's customers"))] = "",
    ) -> None:
        from crmcli.commands.pool_shown import plan_document, plan_shown
        from crmcli.jobs.pool.plan import plan_pool

        with shell.workspace() as workspace:
            found = plan_pool(workspace, days, owner)
        shell.show(plan_document(found), *plan_shown(found))


def _add_run(pools: typer.Typer) -> None:
    @command(pools, "run", _("Let customers whose time is up fall into their pool."), writes=True, timed=True)
    def run(shell: Shell) -> None:
        from crmcli.commands.pool_shown import run_document, run_shown
        from crmcli.jobs.pool.recycle import run_pool

        with shell.workspace() as workspace:
            done = run_pool(workspace, dry_run=shell.dry_run)
        shell.show(run_document(done), *run_shown(done))


def _add_list(pools: typer.Typer) -> None:
    @command(pools, "list", _("List what is in the pools: since when, why, and who had it; phones are masked."))
    def list_(
        shell: Shell,
        pool: Annotated[str, typer.Option("--pool", help=_("only this pool"))] = "",
        limit: Annotated[int | None, typer.Option(min=1, help=_("so many at most"))] = None,
        deals: Annotated[bool, typer.Option("--deals", help=_("the open opportunities in them instead"))] = False,
    ) -> None:
        from crmcli.commands.pool_shown import contents_shown, deals_shown
        from crmcli.jobs.pool.contents import pooled, pooled_deals

        with shell.workspace() as workspace:
            found = (pooled_deals if deals else pooled)(workspace, pool, limit)
        shell.show(found, *(deals_shown if deals else contents_shown)(found))


def _add_claim(pools: typer.Typer) -> None:
    @command(
        pools,
        "claim",
        _("Take a customer or an opportunity out of a pool; the first who comes has it."),
        writes=True,
        timed=True,
    )
    def claim(
        shell: Shell,
        ref: Annotated[str, typer.Argument(help=_("a number (C12, O7), an id, a phone or a name"))],
        who: Annotated[str, typer.Option("--as", help=_("the owner who claims it (default: you)"))] = "",
        pool: Annotated[str, typer.Option("--pool", help=_("only out of this pool"))] = "",
    ) -> None:
        from crmcli.jobs.pool import claim_deal

        with shell.workspace() as workspace:
            done = claim_deal.claim(workspace, ref, who, pool=pool, dry_run=shell.dry_run)
        words = _("{customer} {name} is {owner}'s now").format(customer=done.claimed, name=done.name, owner=done.owner)
        shell.show(done.document(), words, *undo_lines(done.run))
