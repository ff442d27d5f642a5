"""Flow through the stages and the waterfall of the open amount by brute force."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from .seen import NONE, Asked, Event, Seen, in_order, is_known, rank_of, summed
from .setting import ZONE
from .told import Deal, moment

Row = dict[str, Any]
_INSTANT = timedelta(microseconds=1)
FLOWS = ("opening", "in_forward", "in_back", "in_new", "in_reopened", "out_forward", "out_back", "out_won", "out_lost",
         "out_void", "corrected", "closing")  # fmt: skip


@dataclass(frozen=True)
class Ends:
    """What is asked of the moment before a period (None: it has no beginning), as known then, and of its end."""

    printed: Asked | None
    opening: Asked | None
    closing: Asked


def ends_of(asked: Asked) -> Ends:
    """Return both ends of a period; nothing is looked at beyond the moment that is asked for."""
    end = asked.at
    if asked.end:
        end = min(end, datetime.combine(asked.end, time(), ZONE) - _INSTANT)
    closing = replace(asked, at=end)
    if not asked.start:
        return Ends(None, None, closing)
    start = datetime.combine(asked.start, time(), ZONE)
    opening = replace(asked, at=min(end, start - _INSTANT))
    return Ends(replace(opening, known=min(start, asked.at, asked.known or start)), opening, closing)


def _seen(deal: Deal, asked: Asked | None) -> Seen | None:
    """Return the opportunity at a moment, None where it was not there, or nobody knew."""
    if asked is None or not is_known(deal, asked):
        return None
    seen = Seen(deal, asked)
    return seen if seen.there else None


def is_displaced(deal: Deal, ends: Ends) -> bool:
    """Return whether it was there when the period began, and was removed in it."""
    opening, closing = ends.opening, ends.closing
    if not (ends.printed and opening and deal.removed and is_known(deal, ends.printed)):
        return False
    return not is_known(deal, closing) and opening.at < deal.removed <= closing.at


def _was_open(seen: Seen | None) -> bool:
    return seen is not None and seen.status == "open"


def flow(deals: Sequence[Deal], asked: Asked) -> dict[tuple[str, ...], Row]:
    """Return the rows by stage."""
    ends, counts = ends_of(asked), defaultdict[tuple[str, ...], Counter[str]](Counter)
    sides = {"opening": defaultdict[tuple[str, ...], list[Seen]](list),
             "closing": defaultdict[tuple[str, ...], list[Seen]](list)}  # fmt: skip
    for deal in deals:
        if deal.pipeline != asked.shown:
            continue
        displaced, here = is_displaced(deal, ends), is_known(deal, asked)
        # whose it is now, not then: the page is silent, the report says so of all its rows
        label = (Seen(deal, asked).group(),) if asked.by else ()
        opening = _seen(deal, ends.printed if displaced else ends.opening)
        for name, seen in (("opening", opening), ("closing", _seen(deal, ends.closing))):
            if seen and seen.status == "open":
                key = (*label, seen.stage or NONE)
                counts[key][name] += 1
                sides[name][key].append(seen)
                if displaced:
                    counts[key]["corrected"] -= 1
        if here and not displaced:
            for figure, stage in _steps(deal, ends):
                counts[*label, stage][figure] += 1
    shown = {*counts, *(() if asked.by else ((name,) for name in asked.ladder))}
    return {key: {name: counts[key][name] for name in FLOWS} | {"balance": 0}
            | {f"amount_{name}{code and '_usd'}": summed([(one, one.amount()) for one in side[key]], code or "CNY")
               for name, side in sides.items() for code in ("", "USD")}
            for key in shown}  # fmt: skip


def _path(deal: Deal, ends: Ends) -> list[Event]:
    """Return the events that counted at some time of the period, and those that led to where it began.

    What was only read off a present row counts until real events take its place, so it is looked at again at each one.
    """
    times = [moment(fact.at) for fact in deal.stages if fact.at]
    before_all = min((one - _INSTANT for one in times), default=ends.closing.at)  # what is undated held then already
    first = ends.opening.at if ends.opening else before_all
    looks = sorted({first, *(one for one in times if first < one <= ends.closing.at), ends.closing.at})
    found: list[Event] = []
    for when in looks:
        for event in Seen(deal, replace(ends.closing, at=when)).events:
            if event not in found and when <= ends.closing.at:
                found.append(event)
    return in_order(found)


def _steps(deal: Deal, ends: Ends) -> list[tuple[str, str]]:
    """Return figure and stage of every step in the period: what it left, and what it came to."""
    path, seen = _path(deal, ends), Seen(deal, ends.closing)
    places: list[tuple[str | None, str, str]] = [(one.at, one.name, one.kind) for one in path]
    first = path[0].at if path else None
    if (not path and seen.begun) or (path and first and seen.start and _day(seen.start) < _day(first)):
        places.insert(0, (seen.start, NONE, "open"))  # it was there before anybody said in which stage
    found, left, was = [], "", ""
    for at, name, kind in places:
        if not ends.opening or (at and moment(at) > ends.opening.at):
            found += _step(left, was, name, kind, seen.ladder)
        left, was = name, kind
    return found


def _day(at: str) -> Any:
    return moment(at).astimezone(ZONE).date()


def _step(left: str, was: str, name: str, kind: str, ladder: tuple[str, ...]) -> list[tuple[str, str]]:
    if not was:
        return [("in_new", name)] if kind == "open" else [("in_new", NONE), (f"out_{kind}", NONE)]
    if was != "open":
        return [("in_reopened", name)] if kind == "open" else []
    if kind != "open":
        return [(f"out_{kind}", left)]
    # a stage without a rank is before all others, and a step to it goes forward: the report says so
    one, other = rank_of(left, ladder), rank_of(name, ladder)
    way = "back" if one and other and other < one else "forward"
    return [(f"out_{way}", left), (f"in_{way}", name)]


STEPS = ("printed", "corrected", "opening", "new", "reopened", "amount_up", "amount_down", "won", "lost", "void",
         "merged", "closing")  # fmt: skip


def changes(deals: Sequence[Deal], asked: Asked, within: Asked | None = None) -> dict[tuple[str, ...], Row]:
    """Return the rows by step; with `within` only of what is expected to close in its period."""
    ends, found = ends_of(asked), _Waterfall(asked)
    for deal in deals:
        if asked.pipeline in ("", deal.pipeline):
            _changed(deal, ends, found, within)
    return found.rows(within is not None)


class _Waterfall:
    """The entries of a waterfall: by group and step the amounts that opportunities add, None where it is unknown."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.entries = defaultdict[tuple[str, str], list[tuple[Seen, Decimal | None]]](list)

    def add(self, step: str, seen: Seen, sign: int = 1, label: str | None = None) -> None:
        """Add what an opportunity is worth at a moment, or take it away."""
        worth = seen.amount()
        self._put(step, label, seen, None if worth is None else sign * worth)

    def differ(self, step: str, seen: Seen, amount: Decimal) -> None:
        """Add a difference of amounts."""
        self._put(step, None, seen, amount)

    def _put(self, step: str, label: str | None, seen: Seen, amount: Decimal | None) -> None:
        group = "" if not self.asked.by else seen.group() if label is None else label
        self.entries[group, step].append((seen, amount))

    def rows(self, closing: bool) -> dict[tuple[str, ...], Row]:
        """Return the rows of all groups that have any."""
        steps = (*STEPS, *(("moved_in", "moved_out") if self.asked.by else ()),
                 *(("closing_in", "closing_out") if closing else ()))  # fmt: skip
        groups = {group for group, _ in self.entries} if self.asked.by else {""}
        return {((group,) if self.asked.by else ()) + (step,): self._row(self.entries[group, step])
                for group in groups for step in steps}  # fmt: skip

    def _row(self, entries: list[tuple[Seen, Decimal | None]]) -> Row:
        return {"n": len(entries), "amount": summed(entries), "amount_usd": summed(entries, "USD"),
                "no_amount": sum(amount is None for _, amount in entries)}  # fmt: skip


def _changed(deal: Deal, ends: Ends, found: _Waterfall, within: Asked | None) -> None:
    displaced = is_displaced(deal, ends)
    printed, closing = _seen(deal, ends.printed), _seen(deal, ends.closing)
    opening = printed if displaced else _seen(deal, ends.opening)
    had, was, has = (one if _was_open(one) and _counts(one, within) else None for one in (printed, opening, closing))
    for step, seen in (("printed", had), ("opening", was), ("closing", has)):
        if seen:
            found.add(step, seen)
    _corrected(had, was, found)
    if displaced:
        if was:
            found.add("merged", was, -1)
    elif closing and closing.status != "open":
        _ended(opening, closing, was, _counts(closing, within), found)
    elif has and not _was_open(opening):
        found.add("reopened" if opening else "new", has)
    else:
        _stayed(was, has, found)


def _counts(seen: Seen | None, within: Asked | None) -> bool:
    """Return whether one is within what was asked for: expected to close in a period, where one is named."""
    if seen is None or within is None:
        return seen is not None
    return seen.close is not None and within.covers(seen.close)


def _stayed(was: Seen | None, has: Seen | None, found: _Waterfall) -> None:
    """Add one that is open at both ends: what its amount, group or expected close changed."""
    if was and has:
        _transferred(was, has, found)
        difference = (has.amount() or Decimal()) - (was.amount() or Decimal())
        if difference:
            found.differ("amount_up" if difference > 0 else "amount_down", has, difference)
    elif was:
        found.add("closing_out", was, -1)
    elif has:
        found.add("closing_in", has)


def _corrected(printed: Seen | None, opening: Seen | None, found: _Waterfall) -> None:
    """Add what makes the opening as it is known now another than the one that was printed."""
    if printed and opening and (not found.asked.by or printed.group() == opening.group()):
        difference = (opening.amount() or Decimal()) - (printed.amount() or Decimal())
        if difference or (opening.amount() is None) != (printed.amount() is None):
            found.differ("corrected", opening, difference)
        return
    if printed:
        found.add("corrected", printed, -1)
    if opening:
        found.add("corrected", opening)


def _transferred(opening: Seen, closing: Seen, found: _Waterfall) -> None:
    if found.asked.by and opening.group() != closing.group():
        found.add("moved_out", opening, -1)
        found.add("moved_in", opening, 1, closing.group())


def _ended(opening: Seen | None, closing: Seen, was: Seen | None, counted: bool, found: _Waterfall) -> None:
    """Add one that is closed at the end: what it was worth at the opening, or a pair of lines +x and -x."""
    if was:
        _transferred(was, closing, found)
        found.add(closing.status, was, -1, closing.group() if found.asked.by else None)
    elif counted and (opening is None or (opening.status != "open" and _opened_since(opening, closing))):
        found.add("new" if opening is None else "reopened", closing)
        found.add(closing.status, closing, -1)


def _opened_since(opening: Seen, closing: Seen) -> bool:
    return any(one.kind == "open" and one.at and moment(one.at) > opening.asked.at for one in closing.events)
