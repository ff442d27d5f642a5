"""`dedupe model`: what customers are compared with."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from crmcli.commands.shell import Shell, command
from crmcli.domain.words import word
from crmcli.i18n import Message, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from crmcli.jobs.dedupe.model import ModelShown

_MOST_SHOWN = 5
# what stands for the values in a level's reason
_ANY = {"a": "…", "b": "…"}


def add_model(dedupe: typer.Typer) -> None:
    """Add `dedupe model`."""

    @command(dedupe, "model", _("Show the weights in use, before and after they were fitted, and how rare values are."))
    def model(shell: Shell) -> None:
        from crmcli.jobs.dedupe.model import show_model

        with shell.workspace() as workspace:
            shown = show_model(workspace)
        shell.show(model_document(shown), *_shown(shown))


def model_document(shown: ModelShown) -> dict[str, Any]:
    """Return the model in use: its levels with weights (m and u where they were fitted) and its frequencies."""
    fitted = {(fit.field, fit.level): fit for fit in shown.levels}
    levels = []
    for field, known in shown.shipped.items():
        for level in known:
            fit = fitted.get((field, level.name))
            after, m, u = (fit.after, fit.m, fit.u) if fit else (level.weight, None, None)
            one = {"field": field, "level": level.name, "text": str(Message(level.reason.text, _ANY))}
            levels.append(one | {"shipped": level.weight, "weight": after, "m": m, "u": u})
    frequencies = {term: asdict(one) for term, one in shown.frequencies.items() if one.records}
    thresholds = {"auto_score": shown.auto_score, "review_score": shown.review_score}
    named = {"model": shown.version, "fitted_from": shown.base or None}
    return named | thresholds | {"levels": levels, "matches": dict(shown.matches), "frequencies": frequencies}


def _shown(shown: ModelShown) -> list[Any]:
    document = model_document(shown)
    heading = _("weights: {model}").format(model=shown.version)
    if shown.base:
        words = _("weights: {model}, fitted to these customers from {base}")
        heading = words.format(model=shown.version, base=shown.base)
    tables = [_levels(document)]
    if document["frequencies"]:
        tables.append(_frequencies(document["frequencies"]))
    scores = _("merged without asking from score {auto_score}, reviewed from {review_score}").format(**document)
    return [heading, *tables, scores]


def _levels(document: Mapping[str, Any]) -> Table:
    from rich.table import Table

    table = Table()
    titles = (_("field"), _("case"), _("shipped"), _("weight"), _("of one customer"), _("of two"))
    for i, title in enumerate(titles):
        table.add_column(title, justify="left" if i < titles.index(_("shipped")) else "right")
    for one in document["levels"]:
        if one["level"] != "unknown":
            weights = f"{one['shipped']:+.1f}", f"{one['weight']:+.1f}"
            table.add_row(word(one["field"]), one["text"], *weights, _share(one["m"]), _share(one["u"]))
    return table


def _share(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.4g} %"


def _frequencies(frequencies: Mapping[str, Mapping[str, Any]]) -> Table:
    from rich.table import Table

    table = Table()
    for title in (_("value"), _("records"), _("typical"), _("most frequent")):
        table.add_column(title, overflow="fold")
    for term, one in frequencies.items():
        often = sorted(one["counts"].items(), key=lambda entry: (-entry[1], entry[0]))[:_MOST_SHOWN]
        named = "  ".join(f"{text} {count:,}" for text, count in often)
        table.add_row(word(term), f"{one['records']:,}", f"{one['typical']:.1f}", named)
    return table
