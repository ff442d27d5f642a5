"""Win rates, losses, cycles and salespeople by brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from .seen import NONE, UNKNOWN_END, Asked, Seen, days_between, figure, is_known, population, rate, summed
from .told import Deal, moment

Row = dict[str, Any]
_WORDS = {"won": "赢单", "lost": "输单"}


def closed(deals: Sequence[Deal], asked: Asked, *kinds: str) -> list[Seen]:
    """Return what is closed at the moment, by a close in the period."""
    return [one for one in population(deals, asked)
            if one.status in (kinds or ("won", "lost", "void")) and one.last and asked.covers(one.last.at)]  # fmt: skip


def _grouped(them: Sequence[Seen], key: Callable[[Seen], str]) -> dict[str, list[Seen]]:
    groups: dict[str, list[Seen]] = {}
    for one in them:
        groups.setdefault(key(one), []).append(one)
    return groups


def at_close(one: Seen) -> str:
    """Return what a closed one is counted under: whose it was at the close."""
    return one.group(one.last.at if one.last else None)


def _rates(them: Sequence[Seen]) -> Row:
    n = Counter(one.status for one in them)
    return {
        "won": n["won"],
        "lost": n["lost"],
        "void": n["void"],
        "rate": rate(n["won"], n["won"] + n["lost"]),
        "rate_numerator": n["won"],
        "rate_denominator": n["won"] + n["lost"],
        "rate_with_void": rate(n["won"], len(them)),
        "rate_with_void_denominator": len(them),
    }


def winrate(deals: Sequence[Deal], asked: Asked) -> dict[str, Row]:
    """Return the rows by group."""
    groups = _grouped(closed(deals, asked), at_close if asked.by else lambda _: "")
    return {
        name: _rates(them) | _by_amount(them) for name, them in (groups if groups or asked.by else {"": []}).items()
    }


def _by_amount(them: Sequence[Seen]) -> Row:
    worth = {kind: [(one, one.amount()) for one in them if one.status == kind] for kind in ("won", "lost", "void")}
    won, lost = (
        [value for one, value in worth[kind] if value is not None and one.deal.currency == "CNY"]
        for kind in ("won", "lost")
    )
    return {
        "amount_won": summed(worth["won"]),
        "amount_lost": summed(worth["lost"]),
        "amount_void": summed(worth["void"]),
        "amount_won_usd": summed(worth["won"], "USD"),
        "amount_lost_usd": summed(worth["lost"], "USD"),
        "rate_amount": rate(sum(won, Decimal()), sum([*won, *lost], Decimal()), len(won) + len(lost)),
    }


def by_cohort(deals: Sequence[Deal], asked: Asked) -> Row:
    """Return what was won of all that began in the period."""
    began = [one for one in population(deals, asked) if one.counted]
    n = Counter(one.status for one in began)
    return {"created": len(began), "won": n["won"], "lost": n["lost"], "void": n["void"], "open": n["open"],
            "rate": rate(n["won"], len(began)), "open_share": rate(n["open"], len(began))}  # fmt: skip


def from_stage(deals: Sequence[Deal], asked: Asked) -> dict[str, Row]:
    """Return the rates of those that ever reached a stage."""
    them = [one for one in closed(deals, asked) if one.deal.pipeline == asked.shown]
    return {name: _rates([one for one in them if place == 0 or one.top > place])
            for place, name in enumerate(asked.ladder)}  # fmt: skip


def against(deals: Sequence[Deal], asked: Asked) -> dict[str, Row]:
    """Return the rates where a competitor was there, by competitor."""
    them = [one for one in closed(deals, asked) if one.deal.competitor]
    return {name: _rates(group) for name, group in _grouped(them, lambda one: str(one.deal.competitor)).items()}


def _reason(one: Seen) -> str:
    return (one.last and one.last.reason) or NONE


def loss(deals: Sequence[Deal], asked: Asked) -> dict[str, Row]:
    """Return the rows by reason."""
    them = closed(deals, asked, "lost")
    return {
        name: {
            "n": len(group),
            "share": rate(len(group), len(them)),
            "amount": summed([(one, one.amount()) for one in group]),
            "amount_usd": summed([(one, one.amount()) for one in group], "USD"),
            "no_amount": sum(one.amount() is None for one in group),
        }
        for name, group in _grouped(them, _reason).items()
    }


def crossed(deals: Sequence[Deal], asked: Asked) -> dict[str, Counter[tuple[str, str]]]:
    """Return the four tables of reasons: table -> (reason, column) -> losses."""
    keys: dict[str, Callable[[Seen], str]] = {
        "reason_stage": lambda one: one.before_end or UNKNOWN_END,
        "reason_owner": lambda one: one.owner(one.last.at if one.last else None) or NONE,
        "reason_month": lambda one: (one.last.at if one.last and one.last.at else "")[:7] or NONE,
        "reason_competitor": lambda one: one.deal.competitor or NONE,
    }
    them = closed(deals, asked, "lost")
    return {name: Counter((_reason(one), key(one)) for one in them) for name, key in keys.items()}


def reopened(deals: Sequence[Deal], asked: Asked) -> int:
    """Return how many were lost in the period, and are lost no longer."""
    return sum(one.status != "lost" and any(e.kind == "lost" and asked.covers(e.at) for e in one.events)
               for one in population(deals, asked))  # fmt: skip


def cycle(deals: Sequence[Deal], asked: Asked) -> dict[tuple[str, ...], Row]:
    """Return days from the start to the close, won and lost apart."""
    rows: dict[tuple[str, ...], Row] = {}
    for name, them in _grouped(closed(deals, asked, "won", "lost"), at_close if asked.by else lambda _: "").items():
        for kind, word in _WORDS.items():
            ended = [one for one in them if one.status == kind]
            days = [days for one in ended if (days := length(one)) is not None]
            if ended:
                rows[(name, word) if asked.by else (word,)] = {
                    "n": len(days),
                    "median_days": figure(days, 0.5),
                    "p75_days": figure(days, 0.75),
                    "mean_days": round(sum(days) / len(days), 2) if figure(days, 0.5) is not None else None,
                    "excluded": len(ended) - len(days),
                }
    return rows


def length(one: Seen) -> float | None:
    """Return the days from its start to its end, None where one of them is not known."""
    end = one.last.at if one.last and not one.last.inferred else None
    if not one.start or not end:
        return None
    return days if (days := days_between(one.start, end)) >= 0 else None


def rep(deals: Sequence[Deal], asked: Asked) -> dict[str, Row]:
    """Return what each salesperson began, closed and has open."""
    them = population(deals, asked)
    began = _grouped([one for one in them if one.counted], lambda one: one.owner() or NONE)
    ended = _grouped(closed(deals, asked), lambda one: one.owner(one.last.at if one.last else None) or NONE)
    still = _grouped([one for one in them if one.status == "open"], lambda one: one.owner() or NONE)
    acts = Counter(one.by for deal in deals for one in deal.contacts
                   if is_known(one, asked) and moment(one.at) <= asked.at and asked.covers(one.at))  # fmt: skip
    return {name: _person(began.get(name, []), ended.get(name, []), still.get(name, [])) | {"activities": acts[name]}
            for name in {*began, *ended, *still, *acts}}  # fmt: skip


def _person(began: Sequence[Seen], ended: Sequence[Seen], still: Sequence[Seen]) -> Row:
    rates = _rates(ended)
    won = [one for one in ended if one.status == "won"]
    days = [days for one in won if (days := length(one)) is not None]
    return {
        "created": len(began),
        "won": rates["won"],
        "lost": rates["lost"],
        "void": rates["void"],
        "win_rate": rates["rate"],
        "win_rate_with_void": rates["rate_with_void"],
        "won_amount": summed([(one, one.amount()) for one in won]),
        "no_amount": sum(one.amount() is None for one in won),
        "open": len(still),
        "open_amount": summed([(one, one.amount()) for one in still]),
        "weighted": summed([(one, one.weighted) for one in still]),
        "median_days": figure(days, 0.5),
    }
