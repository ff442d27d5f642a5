"""What rules gave to whom against what each could expect, by brute force.

What the page leaves open is as the report says of itself: attendance is counted from the first day of the period, or
that of the first giving, to the day of asking; shares are expected of those whom a rule names, or brought something.
"""

from __future__ import annotations

from datetime import timedelta

from .house import TEAMS, WEIGHTS, House, days_from, known, works
from .house_seen import Row, SeenDeal, deals_seen, yuan
from .seen import Asked, rate

_NAMED = {"张伟", "王芳", "李强", "赵敏"}  # by the two rules of the house


def assignment(house: House, asked: Asked) -> dict[str, Row]:
    """Return the rows by owner."""
    given = [
        (one.owner, one.rule, one.recorded.date(), deal)
        for deal in deals_seen(house, asked)
        for one in known(deal.deal.given, asked)
        if one.rule and one.owner and one.recorded <= asked.at and asked.covers(one.recorded.isoformat())
    ]
    if not given:
        return {}
    first = asked.start or min(day for _, _, day, _ in given)
    last = min(asked.at.date(), asked.end - timedelta(days=1)) if asked.end else asked.at.date()
    names = _NAMED | {owner for owner, rule, _, _ in given if rule != "fallback"}
    days = {name: sum(works(day, name) for day in days_from(first, last)) for name in TEAMS}
    claims = {name: days[name] * WEIGHTS.get(name, 1) if name in names else 0 for name in TEAMS}
    rows = {}
    for name in TEAMS:
        own = [deal for owner, _, _, deal in given if owner == name]
        if own or claims[name]:
            part = claims[name] / sum(claims.values())
            won, lost = (sum(deal.status == end for deal in own) for end in ("won", "lost"))
            rows[name] = {
                "weight": float(WEIGHTS.get(name, 1)),
                "days": days[name],
                "n": len(own),
                "expected": round(part * len(given), 1),
                "difference": round(len(own) - part * len(given), 1),
                "rate": rate(won, won + lost),
                "rate_numerator": won,
                "rate_denominator": won + lost,
            } | _amounts(own, [deal for _, _, _, deal in given], part)
    return rows


def _amounts(own: list[SeenDeal], everybody: list[SeenDeal], part: float) -> Row:
    found: Row = {}
    for code, mark in (("CNY", ""), ("USD", "_usd")):
        of_own, of_all = (sum(deal.fen or 0 for deal in them if deal.deal.currency == code)
                          for them in (own, everybody))  # fmt: skip
        wanted = round(part * of_all)
        found |= {f"amount{mark}": yuan(of_own), f"amount_expected{mark}": yuan(wanted),
                  f"amount_difference{mark}": yuan(of_own - wanted)}  # fmt: skip
    return found
