"""What the versions of one sheet tell of a deal: the changes between them, each with the time it lies between.

A sighting is what one version says of a deal; it is kept by the version's day. Its keys: `stage` and `end` (the names
of an open stage and of an end), `amount_fen`, `owner`, `expected_close`, and where the sheet says so `closed_at`,
`reason`, `entered_at` (when the stage was entered), `updated_at` (when the row was last touched).

Source: definitions.md, "What no other system has", G1.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Sighting = Mapping[str, Any]
VALUES = ("amount_fen", "owner", "expected_close")
_DAY = len("2026-03-05")


@dataclass(frozen=True, slots=True)
class Happening:
    """A change that the versions show.

    `at` is the time that the sheet says, with both bounds None; else the first version that shows it, and it lies after
    `not_before`, the last version that does not. What the first version shows already happened at an unknown time not
    after it (`at` None, or when the deal began; `not_after`); an open stage of that kind is `inferred`. `seen` is the
    day of the version that shows it first. `from_value` is what was left, None for the first.
    """

    field: str
    value: Any
    from_value: Any
    seen: str
    at: str | None
    not_before: str | None = None
    not_after: str | None = None
    reason: str | None = None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """All that the versions tell of one deal. `doubts` are closing days (version, text) that contradict the rest."""

    happenings: list[Happening]
    doubts: list[tuple[str, str]]


def told(sightings: Mapping[str, Sighting], versions: Sequence[str], began: str | None) -> Told:
    """Return what a deal's sightings tell.

    `versions` are the days of all versions of the sheet, in order, also of those that the deal is not in; `began` is
    when it was created, where that is known.
    """
    days = sorted(sightings)
    before = versions[bisect_left(versions, days[0]) - 1] if versions and versions[0] < days[0] else None
    stages = _Stages(sightings, began, before)
    found = stages.happenings()
    for field in VALUES:
        found += _changes(field, sightings)
    return Told(found, stages.doubts)


def latest(sightings: Mapping[str, Sighting], key: str) -> Any:
    """Return what the versions said last under a key, None where they never did."""
    return next(
        (said for day in sorted(sightings, reverse=True) if (said := sightings[day].get(key)) is not None), None
    )


def stands(sightings: Mapping[str, Sighting]) -> tuple[str | None, bool]:
    """Return the stage or end that a deal stood in when a version last said one, and whether it is an end."""
    for day in sorted(sightings, reverse=True):
        said = sightings[day]
        if said.get("stage") or said.get("end"):
            return said.get("end") or said.get("stage"), bool(said.get("end"))
    return None, False


def _changes(field: str, sightings: Mapping[str, Sighting]) -> Iterator[Happening]:
    """Yield the changes of a value; an empty cell says nothing, and what the first sighting says is no change."""
    held: Any = None
    seen_at = min(sightings)
    for day in sorted(sightings):
        value = sightings[day].get(field)
        if value is not None and value != held and (held is not None or day != min(sightings)):
            at = _narrowed(sightings[day], seen_at, day)
            yield Happening(field, value, held, day, at, not_before=seen_at)
        if value is not None or held is None:
            seen_at = day
        held = held if value is None else value


def _narrowed(sighting: Sighting, after: str, day: str) -> str:
    """Return by when something happened that a version shows first: by when its row was last touched, if closer."""
    touched = sighting.get("updated_at")
    return touched if touched and after <= touched[:_DAY] <= day else day


class _Stages:
    """The way of one deal through the stages as its sightings show it."""

    def __init__(self, sightings: Mapping[str, Sighting], began: str | None, before: str | None) -> None:
        self.sightings = {day: said for day, said in sorted(sightings.items()) if said.get("stage") or said.get("end")}
        self.began = began
        self.before = before
        self.doubts: list[tuple[str, str]] = []
        self.found: list[Happening] = []

    def happenings(self) -> list[Happening]:
        """Return the stage changes, in order."""
        held = open_held = seen_at = None
        for day, said in self.sightings.items():
            stage, end = said.get("stage"), said.get("end")
            if end and end != held:
                steps = [stage, end] if stage and stage != open_held else [end]
            else:
                steps = [stage] if not end and stage != held else []
            for step in steps:
                self.found.append(self._step(step, held, day, seen_at, is_end=step == end))
                held = step
                if step == end:
                    self._close(day, end)
            open_held, seen_at = stage or open_held, day
        return self.found

    def _step(self, step: str, held: str | None, day: str, seen_at: str | None, *, is_end: bool) -> Happening:
        said = self.sightings[day]
        after = seen_at or self._lower(day)
        entered = said.get("entered_at")
        if entered and entered[:_DAY] <= day and (after is None or after <= entered[:_DAY]):
            return Happening("stage", step, held, day, entered)
        if after is None or (seen_at is None and self.before is None):
            return Happening(
                "stage", step, held, day, None if is_end else self.began, not_after=day, inferred=not is_end
            )
        return Happening("stage", step, held, day, _narrowed(said, after, day), not_before=after)

    def _lower(self, day: str) -> str | None:
        """Return what the first sighting lies after: the deal's beginning, else the version before."""
        began = self.began[:_DAY] if self.began else None
        return began if began and began <= day else self.before

    def _close(self, day: str, end: str) -> None:
        """Put the day and the reason that the sheet says into the closing that was just found."""
        closing = self.found[-1]
        reason = closed = None
        last = day
        for later, said in self.sightings.items():
            if later >= day:
                if said.get("end") != end:
                    break
                reason, closed, last = said.get("reason") or reason, said.get("closed_at") or closed, later
        closing = replace(closing, reason=reason)
        if closed and self._is_possible(closed, last):
            closing = replace(closing, at=closed, not_before=None, not_after=None)
        elif closed:
            self.doubts.append((day, closed))
        self.found[-1] = closing

    def _is_possible(self, closed: str, last: str) -> bool:
        """Return whether a deal can have been closed then; what lies between two versions moves to before it."""
        if closed[:_DAY] > last:
            return False
        same_row, earlier = self.found[-1].seen, self.found[:-1]
        moved = []
        for one in earlier:
            if one.at is None or one.at[:_DAY] <= closed[:_DAY]:
                moved.append(one)
            elif one.seen == same_row or (one.not_before and one.not_before <= closed[:_DAY]):
                not_before = min(one.not_before, closed[:_DAY]) if one.not_before else None
                moved.append(replace(one, at=closed, not_before=not_before))
            else:
                return False
        self.found[:-1] = moved
        return True
