"""A deal's stage events in order, which of them count, and the state they leave the deal in.

Source: definitions.md, "Stage rules".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crmcli.domain.records import Record

ENDS = ("won", "lost", "void")
_LATE = "9999"
_DAY = len("2026-03-05")


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


def counts_until(event: Record, events: Iterable[Record]) -> str | None:
    """Return the time (ISO) at which an event of a deal gives way to its real ones: None never, "" it never counts.

    An event that lies between two times never counts beside one that tells when it was. Else only an inferred event
    gives way. It was concluded from a present stage, so it says nothing of the way there:

    - an inferred end never counts beside a real end, whenever that was; one still planned replaces it when it comes;
      but one that the deal came back from, as a real event tells, was an end of its own, and later ones leave it;
    - an inferred open stage never counts beside a real event from before the present it was concluded from, not even
      at a time before all real events: the stage then is unknown. It holds until the first real event after that.
    """
    listed = list(events)
    if is_dated_by(event, listed):
        return ""
    if not event["inferred"]:
        return None
    is_end = event["kind"] in ENDS
    real = [other for other in listed if not other["inferred"] and (other["kind"] in ENDS or not is_end)]
    if is_end:
        real = [other for other in real if not _came_back(event, other, listed)]
    if any(other["at"] is None or _is_told_by(event, other, is_end=is_end) for other in real):
        return ""
    return min((other["at"] for other in real), default=None)


def lies_between(event: Record) -> bool:
    """Return whether an event's time is only known to lie between two versions of a sheet, or before the first."""
    return bool(event["not_before"] or event["not_after"])


def is_dated_by(event: Record, events: Iterable[Record]) -> bool:
    """Return whether an event that lies between two times has another that tells the exact one: both are the same."""
    if not lies_between(event):
        return False
    after, until = event["not_before"] or "", (event["not_after"] or event["at"])[:_DAY]
    return any(
        other["value"] == event["value"]
        and other["at"]
        and not lies_between(other)
        and not other["inferred"]
        and after <= other["at"][:_DAY] <= until
        for other in events
    )


def _came_back(end: Record, later: Record, events: Iterable[Record]) -> bool:
    """Return whether a deal was reopened after an inferred end and before a later one."""
    if not end["at"] or not later["at"]:
        return False
    return any(
        other["from_value"] == end["value"]
        and other["kind"] not in ENDS
        and not other["inferred"]
        and end["at"] <= (other["at"] or "") <= later["at"]
        for other in events
    )


def _is_told_by(event: Record, real: Record, *, is_end: bool) -> bool:
    """Return whether a real event lay in the past when it was recorded (an end) or when `event` was (a stage).

    What a version of a sheet shows was known when the version was made, whenever it was recorded.
    """
    known = real["recorded"] if is_end else event["not_after"] or event["recorded"]
    return known is None or bool(real["at"] <= known)


def effective(events: Iterable[Record], at: str | None = None) -> list[Record]:
    """Return the events that count at a time (ISO; None: when all have come to pass), in order."""
    listed = list(events)
    past = [event for event in listed if at is None or not event["at"] or event["at"] <= at]
    return in_order(event for event in past if not _gave_way(counts_until(event, listed), at))


def _gave_way(until: str | None, at: str | None) -> bool:
    return until is not None and (at is None or until <= at)


def stage_columns(events: Iterable[Record], now: str) -> Record:
    """Return the columns of a deal that its stage events decide, as of `now` (ISO); {} without any event.

    stage, status (open, won, lost, void), closed_at, loss_reason; and where an open stage counts, as probability
    the one that the last such stage had when it was entered.
    """
    listed = list(events)
    past = effective(listed, now)
    if not past:
        return {}
    last = past[-1]
    is_end = last["kind"] in ENDS
    entries = [event for event in past if event["kind"] not in ENDS] or _entries_given_way(listed, now)
    copied = {"probability": entries[-1]["probability"]} if entries else {}
    return copied | {
        "stage": last["value"],
        "status": last["kind"] if is_end else "open",
        "closed_at": last["at"] if is_end else None,
        "loss_reason": last["reason"] if last["kind"] == "lost" else None,
    }


def _entries_given_way(events: Iterable[Record], now: str) -> list[Record]:
    """Return the open events up to `now`, in order, where all gave way to an end: the last is the stage it left."""
    return in_order(event for event in events if event["kind"] not in ENDS and (not event["at"] or event["at"] <= now))
