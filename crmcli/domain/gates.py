"""The gates of stages: which fields, ticks and approvals a deal lacks to be where it is sent.

Source: definitions.md, "Stage rules".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crmcli.domain.pipeline import Pipeline, Stage, StagePlace
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg


@dataclass(frozen=True, slots=True)
class Lack:
    """What a deal lacks to enter a place: fields by catalogue key, items to tick, (stage, who must approve it)."""

    fields: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    approvals: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is lacking."""
        return bool(self.fields or self.items or self.approvals)

    def reasons(self, place: str) -> list[Message]:
        """Return all that is lacking to enter `place`, in words."""
        fields = [msg("{stage} needs the field {field}", stage=place, field=key) for key in self.fields]
        items = [msg("{stage} needs a tick at {item}", stage=place, item=item) for item in self.items]
        approvals = [
            msg("{stage} needs the approval of {approver}", stage=stage, approver=approver)
            for stage, approver in self.approvals
        ]
        return [*fields, *items, *approvals]

    def as_data(self) -> dict[str, list[str]]:
        """Return what is lacking as an event keeps it; empty kinds are left out."""
        found = {
            "fields": list(self.fields),
            "checklist": list(self.items),
            "approval": [stage for stage, _ in self.approvals],
        }
        return {key: value for key, value in found.items() if value}


def lacking(
    pipeline: Pipeline, place: StagePlace, fields: Mapping[str, Any], ticked: Collection[str], approved: Collection[str]
) -> Lack:
    """Return what a deal lacks to enter a place: of that stage and of all before it, of every stage for a win.

    `fields` are the deal's by catalogue key, `ticked` its ticked items and `approved` the stages it may enter. Lost and
    void ask for nothing: a loss's reason is the loss reasons' matter.
    """
    done, allowed = {fold(item) for item in ticked}, {fold(stage) for stage in approved}
    stages = list(_up_to(pipeline, place))
    return Lack(
        tuple(key for key in required_fields(pipeline, place) if fields.get(key) in (None, "", [], {})),
        tuple(dict.fromkeys(item for stage in stages for item in stage.checklist if fold(item) not in done)),
        tuple((s.name, s.approval) for s in stages if s.approval and fold(s.name) not in allowed),
    )


def required_fields(pipeline: Pipeline, place: StagePlace) -> list[str]:
    """Return the fields that a place and every stage before it ask for; none for lost and void."""
    return list(dict.fromkeys(key for stage in _up_to(pipeline, place) for key in stage.require))


def checklist_of(pipeline: Pipeline) -> list[tuple[str, str]]:
    """Return (stage, item) of all there is to tick in a pipeline, in order."""
    return [(stage.name, item) for stage in pipeline.stages for item in stage.checklist]


def _up_to(pipeline: Pipeline, place: StagePlace) -> Iterator[Stage]:
    return (stage for stage in pipeline.stages if place.rank is not None and stage.rank <= place.rank)
