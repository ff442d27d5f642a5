"""A deal's stage events in order, which of them count, and the state they leave the deal in.

Source: definitions.md, "Stage rules".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crmcli.domain.records import Record

ENDS = ("won", "lost", "void")
_LATE = "9999"


def in_order(events: Iterable[Record]) -> list[Record]:
    """Return stage events as they happened, never by file order.

    By time; at the same time by the chain of `from_value`, then rank, ends last. An open event of unknown time
    comes first, an end of unknown time last, or just before the event that left it.
    """
    ordered = sorted(events, key=_place)
    result: list[Record] = []
    for group in _same_time(ordered):
        result.extend(_chained(group, result[-1]["value"] if result else None))
    for end in [event for event in result if event["at"] is None and event["kind"] in ENDS]:
        _put_before_what_left_it(result, end)
    return result


def _put_before_what_left_it(ordered: list[Record], end: Record) -> None:
    left = next((event for event in ordered if event["at"] and event["from_value"] == end["value"]), None)
    if left is not None:
        ordered.remove(end)
        ordered.insert(ordered.index(left), end)


def _place(event: Record) -> tuple[Any, ...]:
    is_end = event["kind"] in ENDS
    at = event["at"] or (_LATE if is_end else "")
    return (at, is_end, event["rank"] or 0, event["value"] or "", event["from_value"] or "")


def _same_time(ordered: Sequence[Record]) -> list[list[Record]]:
    groups: list[list[Record]] = []
    for event in ordered:
        if groups and groups[-1][0]["at"] == event["at"]:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def _chained(group: list[Record], stage: str | None) -> list[Record]:
    """Return events of one instant so that each leaves the stage the one before entered, where they say so."""
    left, chained = list(group), []
    while left:
        following = next((event for event in left if event["from_value"] and event["from_value"] == stage), left[0])
        left.remove(following)
        chained.append(following)
        stage = following["value"]
    return chained


def effective(events: Iterable[Record]) -> list[Record]:
    """Return the events that count, in order.

    An inferred open event counts only while there is no real one; an inferred end only while there is no real end.
    """
    listed = list(events)
    has_real = any(not event["inferred"] for event in listed)
    has_real_end = any(not event["inferred"] and event["kind"] in ENDS for event in listed)
    counted = [
        event
        for event in listed
        if not event["inferred"] or (not has_real_end if event["kind"] in ENDS else not has_real)
    ]
    return in_order(counted)


def stage_columns(events: Iterable[Record], now: str) -> Record:
    """Return the columns of a deal that its stage events decide, as of `now` (ISO); {} without any event.

    stage, status (open, won, lost, void), closed_at, loss_reason; and where an open stage counts, as probability
    the one that the last such stage had when it was entered.
    """
    past = effective(event for event in events if not event["at"] or event["at"] <= now)
    if not past:
        return {}
    last = past[-1]
    is_end = last["kind"] in ENDS
    entries = [event for event in past if event["kind"] not in ENDS]
    copied = {"probability": entries[-1]["probability"]} if entries else {}
    return copied | {
        "stage": last["value"],
        "status": last["kind"] if is_end else "open",
        "closed_at": last["at"] if is_end else None,
        "loss_reason": last["reason"] if last["kind"] == "lost" else None,
    }
