"""Following up, by brute force: what was due, who was answered when, what has no next step.

What the page leaves open is as the report says of itself: only what was due by the day of asking; a step is of who
wrote the follow-up, else of the opportunity's owner; a contact known to the day only may have been at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .house import CLOSES, MIN_N, NONE, OPENS, TEAMS, ZONE, Contact, House, days_from, known, works
from .house_seen import Row, SeenDeal, day_of, deals_seen, moment
from .seen import Asked, quantile, rate


@dataclass(frozen=True)
class Due:
    """A planned action: whose, for which opportunity (None: it is not there), and how it went."""

    owner: str | None
    deal: SeenDeal | None
    day: date
    state: str


def _contacts(house: House, asked: Asked) -> list[Contact]:
    told = [one for one in known(house.contacts, asked) if moment(one.at) <= asked.at]
    return sorted(told, key=lambda one: moment(one.at))


def _concerns(contact: Contact, deal: SeenDeal) -> bool:
    """Return whether a contact was about an opportunity, or with its customer about none."""
    return contact.deal == deal.deal.key or (contact.deal is None and contact.customer == deal.deal.customer)


def due_actions(house: House, asked: Asked) -> list[Due]:
    """Return what was due in the period, and by the day of asking."""
    deals = {one.deal.key: one for one in deals_seen(house, asked)}
    contacts = _contacts(house, asked)
    found = []
    for place, one in enumerate(contacts):
        if one.next_day:
            deal = deals.get(one.deal or "")
            later = [other for other in contacts[place + 1 :]
                     if (_concerns(other, deal) if deal else other.customer == one.customer)]  # fmt: skip
            done = day_of(later[0].at) if later else None
            found.append(_due(one.by, deal, one.next_day, done))
    for task in known(house.tasks, asked):
        if task.recorded <= asked.at:
            done = task.done.date() if task.done and task.done <= min(asked.at, asked.known or asked.at) else None
            found.append(_due(task.owner, deals.get(task.deal or ""), task.due, done))
    return [one for one in found if asked.covers(one.day.isoformat()) and one.day <= asked.at.date()]


def _due(owner: str, deal: SeenDeal | None, due: str, done: date | None) -> Due:
    day = date.fromisoformat(due)
    return Due(owner, deal, day, "missed" if done is None else "late" if done > day else "on_time")


def _worked(start: datetime, end: datetime) -> float:
    """Return the working hours between two moments."""
    hours = 0.0
    for day in days_from(start.date(), end.date()):
        if works(day):
            opens, closes = (datetime.combine(day, time(hour), ZONE) for hour in (OPENS, CLOSES))
            hours += max((min(end, closes) - max(start, opens)) / timedelta(hours=1), 0)
    return hours


def responses(house: House, asked: Asked) -> list[tuple[str, SeenDeal, float | None]]:
    """Return of each assignment in the period to whom, of what, and the working hours to the first contact."""
    found = []
    for deal in deals_seen(house, asked):
        turns: list[tuple[str, str | None]] = [(deal.deal.created, deal.deal.owner)]
        turns += [(one.recorded.isoformat(), one.owner) for one in known(deal.deal.given, asked)]
        ends = [moment(at) for at, _ in turns[1:]] + [None]
        for (at, owner), until in zip(turns, ends, strict=True):
            if owner and asked.covers(at) and moment(at) <= asked.at:
                found.append((owner, deal, _hours(house, asked, deal, moment(at), until)))
    return found


def _hours(house: House, asked: Asked, deal: SeenDeal, given: datetime, until: datetime | None) -> float | None:
    def latest(contact: Contact) -> datetime:
        whole = timedelta(days=1, microseconds=-1) if len(contact.at) == len("2026-03-05") else timedelta()
        return moment(contact.at) + whole

    after = [one for one in _contacts(house, asked) if _concerns(one, deal) and latest(one) >= given]
    first = min(after, key=latest, default=None)
    if first is None or (until and moment(first.at) >= until):
        return None
    return round(_worked(given, max(moment(first.at), given)), 2)


def _has_next(house: House, asked: Asked, deal: SeenDeal) -> bool:
    """Return whether a next step or an open task is planned for the day of asking or later; the last plan stands."""
    today = asked.at.date().isoformat()
    plans = [one.next_day for one in _contacts(house, asked) if one.deal == deal.deal.key and one.next_day]
    tasks = [one.due for one in known(house.tasks, asked) if one.deal == deal.deal.key and one.recorded <= asked.at
             and not (one.done and one.done <= min(asked.at, asked.known or asked.at))]  # fmt: skip
    return bool(plans and plans[-1] >= today) or any(due >= today for due in tasks)


def label_of(by: str, owner: str | None, deal: SeenDeal | None) -> str:
    """Return what is counted under: the owner is that of the thing itself."""
    if not by:
        return ""
    if deal:
        return deal.label(by, owner)
    return ((owner if by == "owner" else TEAMS.get(owner or "")) or NONE) if by in ("owner", "team") else NONE


def followup(house: House, asked: Asked, by: str) -> dict[str, Row]:
    """Return the rows by group."""
    due = [(label_of(by, one.owner, one.deal), one) for one in due_actions(house, asked)]
    given = [(label_of(by, owner, deal), hours) for owner, deal, hours in responses(house, asked)]
    still = [(label_of(by, one.owner(), one), _has_next(house, asked, one))
             for one in deals_seen(house, asked) if one.status == "open"]  # fmt: skip
    names = {name for name, _ in (*due, *given, *still)} or ({""} if not by else set())
    return {name: _row([one.state for at, one in due if at == name], [hours for at, hours in given if at == name],
                       [has for at, has in still if at == name]) for name in names}  # fmt: skip


def _row(states: list[str], answers: list[float | None], planned: list[bool]) -> Row:
    hours = [one for one in answers if one is not None]
    return {
        "due": len(states),
        "on_time": states.count("on_time"),
        "late": states.count("late"),
        "missed": states.count("missed"),
        "on_time_rate": rate(states.count("on_time"), len(states)),
        "on_time_rate_numerator": states.count("on_time"),
        "on_time_rate_denominator": len(states),
        "missed_rate": rate(states.count("missed"), len(states)),
        "answered": len(hours),
        "unanswered": len(answers) - len(hours),
        "response_median_hours": round(quantile(hours, 0.5), 2) if len(hours) >= MIN_N else None,
        "response_p90_hours": round(quantile(hours, 0.9), 2) if len(hours) >= MIN_N else None,
        "open": len(planned),
        "no_next": planned.count(False),
        "no_next_rate": rate(planned.count(False), len(planned)),
    }
