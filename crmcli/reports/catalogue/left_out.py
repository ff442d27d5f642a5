"""What a table of stages says where there are several pipelines: whose stages, and which deals it leaves out."""

from __future__ import annotations

from crmcli.domain.metrics.pipelines_apart import Apart, Pick, of_others
from crmcli.domain.metrics.population import Stages
from crmcli.i18n import Message, msg
from crmcli.reports.model import Check, Definition, Note, Section

SEVERAL = Definition(msg("Several pipelines"), msg(
    "Tables of stages hold the opportunities of one pipeline: the first of crm.toml, or the one asked for. All other "
    "figures count every opportunity, each won, lost or void by its own pipeline."))  # fmt: skip


def titled(title: Message, stages: Stages) -> Message:
    """Return the title with the name of the pipeline, where there are several."""
    return msg("{title}: {pipeline}", title=title, pipeline=stages.name) if stages.name else title


def left_out(seen: Apart, pick: Pick, table: str) -> Section:
    """Return the note and the check on the deals of other pipelines among those that `pick` gives the positions of."""
    if seen.shown is seen.whole:
        return Section(())
    picked = pick(*seen.whole)
    others = of_others(seen.whole[0], picked)
    shown, left = len(pick(*seen.shown)), sum(others.values())
    check = Check(f"{table}_pipelines", shown + left == len(picked), msg(
        "{n} opportunities, {shown} of them of the pipeline {pipeline}, {left} of others",
        n=len(picked), shown=shown, left=left, pipeline=seen.whole[0].stages.name,
    ))  # fmt: skip
    if not left:
        return Section((), checks=(check,), definitions=(SEVERAL,))
    words = msg(
        "Only the pipeline {pipeline}: {n} opportunities of others are left out ({others}); --pipeline KEY shows them.",
        pipeline=seen.whole[0].stages.name, n=left, others=[f"{key}: {number}" for key, number in others.items()],
    )  # fmt: skip
    return Section((), checks=(check,), notes=(Note("other_pipelines", table, words),), definitions=(SEVERAL,))
