"""Who is to hear of a finding: the owner, after some days the manager too, then it is on the risk list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from crmcli.domain.assignment.model import Owner
from crmcli.domain.reminders.model import KINDS, LEVELS, Finding, Level, Reminder
from crmcli.domain.values.text import fold


def level_of(days: int, levels: tuple[int, int, int]) -> Level:
    """Return who a thing that is `days` overdue has come to; what is due today or still to come is the owner's.

    >>> [level_of(days, (3, 5, 7)) for days in (-2, 0, 4, 5, 7)]
    ['owner', 'owner', 'owner', 'manager', 'risk']
    """
    _, manager, risk = levels
    return "risk" if days >= risk else "manager" if days >= manager else "owner"


def is_pressing(days: int, levels: tuple[int, int, int]) -> bool:
    """Return whether a message tells of it: on its day, before it, and again from the first level on.

    >>> [is_pressing(days, (3, 5, 7)) for days in (-1, 0, 1, 2, 3)]
    [True, True, False, False, True]
    """
    return days <= 0 or days >= levels[0]


class Escalation:
    """Turns findings into reminders by the owners, their managers and deputies."""

    def __init__(self, owners: Sequence[Owner], today: date, levels: tuple[int, int, int]) -> None:
        self._staff = {fold(owner.name): owner for owner in reversed(owners)}
        self._managers = tuple(dict.fromkeys(owner.manager for owner in owners if owner.manager))
        self._today, self._levels = today, levels
        self._told: dict[tuple[str | None, Level], tuple[Level, tuple[str, ...], bool, str | None]] = {}

    def reminder(self, finding: Finding) -> Reminder:
        """Return a finding with its level and recipients.

        What belongs to nobody, to somebody unknown or to somebody who has left is at least the manager's: where
        nobody knows whose, that of all managers.
        """
        days = (self._today - finding.due).days
        whose = (finding.owner, level_of(days, self._levels))
        if whose not in self._told:
            self._told[whose] = self._tell(*whose)
        return Reminder(finding, days, *self._told[whose])

    def _tell(self, owner: str | None, level: Level) -> tuple[Level, tuple[str, ...], bool, str | None]:
        """Return the level, the recipients, whether anybody knows the owner, and who stands in."""
        person = self._staff.get(fold(owner or ""))
        if person is None:
            return _at_least_manager(level), self._managers, False, None
        deputy = self._deputy_of(person)
        if not person.active:
            level = _at_least_manager(level)
        own = (person.name, deputy) if person.active else ()
        told = own if level == "owner" else (*own, person.manager)
        return level, tuple(dict.fromkeys(name for name in told if name)), True, deputy

    def _deputy_of(self, person: Owner) -> str | None:
        """Return who acts for somebody who is on leave today, None where nobody does."""
        away = person.active and any(first <= self._today <= last for first, last in person.leave)
        return person.deputy or None if away else None


def _at_least_manager(level: Level) -> Level:
    return "manager" if level == "owner" else level


def in_order(reminders: Iterable[Reminder]) -> list[Reminder]:
    """Return reminders by owner (nobody's last), the gravest first, then the longest overdue, then by record."""
    return sorted(reminders, key=_place)


def gravest(reminders: Sequence[Reminder], most: int) -> Sequence[Reminder]:
    """Return at most so many reminders, in their order: those of the gravest level, among them the newest due."""
    if len(reminders) <= most:
        return reminders
    places = sorted(range(len(reminders)), key=lambda at: (-LEVELS.index(reminders[at].level), reminders[at].days, at))
    return [reminders[at] for at in sorted(places[:most])]


def _place(reminder: Reminder) -> tuple[object, ...]:
    found = reminder.finding
    grave = -LEVELS.index(reminder.level)
    whose = (not found.owner, found.owner or "")
    return (*whose, grave, -reminder.days, KINDS.index(found.kind), found.entity, found.id)
