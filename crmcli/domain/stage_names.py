"""Stages under other names: what an event's stage is called today; events themselves keep the names of their time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crmcli.domain.records import Record


@dataclass(frozen=True, slots=True)
class Renaming:
    """What was recorded of stage `was` of a pipeline until the instant `since` is of stage `now`."""

    pipeline: str
    was: str
    now: str
    since: str


def todays_name(
    name: str | None, pipeline: str | None, recorded: str | None, renamings: Iterable[Renaming]
) -> str | None:
    """Return what a stage that was recorded at an instant (None: long ago) is called now.

    `renamings` are in the order in which they came to hold. A deal that names no pipeline follows every one.

    >>> known = [Renaming("k", "议价", "谈判", "2026-03-01"), Renaming("k", "谈判", "商谈", "2026-05-01")]
    >>> [todays_name("议价", "k", day, known) for day in ("2026-02-01", "2026-04-01")]
    ['商谈', '议价']
    """
    for one in renamings:
        if name == one.was and pipeline in (None, one.pipeline) and (recorded or "") <= one.since:
            name = one.now
    return name


def in_todays_names(events: Sequence[Record], pipeline: str | None, renamings: Sequence[Renaming]) -> list[Record]:
    """Return a deal's stage events under today's names: what they entered and what they left."""
    if not renamings:
        return list(events)
    return [
        event
        | {key: todays_name(event[key], pipeline, event["recorded"], renamings) for key in ("value", "from_value")}
        for event in events
    ]
