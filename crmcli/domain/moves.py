"""What a stage event tells of how a person moved a deal: what was skipped, a step back, what was passed by force."""

from __future__ import annotations

from typing import Any

from crmcli.domain.records import Record
from crmcli.i18n import Message, enumerated, msg


def how_moved(event: Record) -> dict[str, Any]:
    """Return `skipped` (stages), `back`, and `forced`: what was lacking, by kind (fields, checklist, approval)."""
    extra = event["extra"]
    return {
        "skipped": extra.get("skipped", []),
        "back": bool(extra.get("back")),
        "forced": extra.get("forced", {}),
    }


def move_in_words(moved: dict[str, Any]) -> list[Message]:
    """Return how a deal was moved, of what `how_moved` gives; [] where it went to the next stage by itself."""
    words = []
    if moved["skipped"]:
        words.append(msg("skipped {stages}", stages=enumerated(moved["skipped"])))
    if moved["back"]:
        words.append(msg("a step back"))
    forced = moved["forced"]
    lacking = [*forced.get("fields", ()), *forced.get("checklist", ())]
    lacking += [msg("the approval for {stage}", stage=stage) for stage in forced.get("approval", ())]
    if lacking:
        words.append(msg("forced without {lacking}", lacking=enumerated(lacking)))
    return words
