"""`dedupe explain`: why two customers are, or are not, one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.shell import Shell, command
from crmcli.domain.records import record_number
from crmcli.domain.words import word
from crmcli.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from crmcli.jobs.dedupe.explaining import PairExplained

_BAR_WIDTH = 25
_UP, _DOWN, _BLANK = "█", "░", " "
_START = 50.0


def add_explain(dedupe: typer.Typer) -> None:
    """Add `dedupe explain`."""

    @command(dedupe, "explain", _("Say why two customers are, or are not, the same: every reason with its weight."))
    def explain(
        shell: Shell,
        a: Annotated[str, typer.Argument(help=_("a number (C12), an id, a phone or a name"))],
        b: Annotated[str, typer.Argument(help=_("the other one"))],
    ) -> None:
        from crmcli.jobs.dedupe.explaining import explain_pair

        with shell.workspace() as workspace:
            told = explain_pair(workspace, a, b)
        document = explain_document(told)
        shell.show(document, *_shown(document))


def explain_document(told: PairExplained) -> dict[str, Any]:
    """Return a pair with its reasons, strongest first; `steps` is the way from 50 to the score."""
    from crmcli.jobs.dedupe.pairs import reason_in_words
    from crmcli.matching.explain import running_scores

    sides = {
        side: {"id": record_number("customer", record["id"]), "name": record["name"]}
        for side, record in (("a", told.a), ("b", told.b))
    }
    reasons = [
        {key: reason[key] for key in ("field", "level", "weight")}
        | {"text": reason_in_words(reason), "a": reason["args"]["a"], "b": reason["args"]["b"]}
        for reason in told.finding.reasons
    ]
    weighing = [reason for reason in reasons if reason["weight"]]
    scores = [_START, *running_scores(reason["weight"] for reason in weighing)]
    steps = [
        {key: reason[key] for key in ("field", "level", "weight")} | {"before": before, "after": after}
        for reason, before, after in zip(weighing, scores, scores[1:], strict=False)
    ]
    said = {"score": told.finding.score, "tier": told.finding.tier, "decision": told.decision, "merged": told.merged}
    return sides | said | {"model": told.model, "reasons": reasons, "steps": steps}


def _shown(document: Mapping[str, Any]) -> list[Any]:
    """Return the reasons as a table in which the score runs from 50 to what it is, and what follows from it."""
    heads = [f"{document[side]['id']} {document[side]['name'] or ''}" for side in ("a", "b")]
    line = _("score {score} of 100: {tier}").format(score=document["score"], tier=_tier(document["tier"]))
    more = [_("weights: {model}").format(model=document["model"])]
    if document["merged"]:
        more.append(_("both are {number} now").format(number=document["merged"]))
    if document["decision"]:
        more.append(_("a person said: {decision}").format(decision=_decision(document["decision"])))
    return [*heads, _table(document), line, *more]


def _table(document: Mapping[str, Any]) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("field"), _("weight"), _("score")):
        table.add_column(title, justify="left" if title == _("field") else "right")
    table.add_column("", no_wrap=True, min_width=_BAR_WIDTH)
    table.add_column(_("reason"), overflow="fold")
    table.add_row("", "", f"{_START:.1f}", bar(_START, _START), _("nothing known yet"))
    left = iter(document["steps"])
    for reason in document["reasons"]:
        step = next(left) if reason["weight"] else None
        score, drawn = (f"{step['after']:.1f}", bar(step["before"], step["after"])) if step else ("", "")
        table.add_row(word(reason["field"]), f"{reason['weight']:+.1f}", score, drawn, reason["text"])
    return table


def bar(before: float, after: float) -> str:
    """Return the stretch between two scores as a bar of text, full where it rises, shaded where it falls.

    >>> bar(50.0, 100.0).strip()
    '█████████████'
    """
    low, high = (round(score / 100 * _BAR_WIDTH) for score in sorted((before, after)))
    drawn = (_UP if after >= before else _DOWN) * max(high - low, 1)
    return (_BLANK * min(low, _BAR_WIDTH - 1) + drawn).ljust(_BAR_WIDTH)


def _tier(tier: str) -> str:
    words = {
        "auto": _("the same, merged without asking"),
        "review": _("perhaps the same, for a person to decide"),
        "related": _("related, not the same"),
        "different": _("different"),
    }
    return words[tier]


def _decision(decision: str) -> str:
    from crmcli.reports.decisions import DECISIONS, in_words

    return in_words(DECISIONS[decision])
