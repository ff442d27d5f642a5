"""What is due as a short message for a chat group or a mail: masked, and never longer than the service takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from crmcli.domain.reminders.escalation import is_pressing
from crmcli.domain.reminders.model import LEVELS, Level, Reminder
from crmcli.domain.reminders.words import NOBODY, stands_in, when
from crmcli.domain.values.phone import find_phones, mask_phone
from crmcli.i18n import Message, enumerated, msg

# reminders of each owner that a message shows: as many as fit
_SHOWN = (10, 5, 3, 2, 1, 0)
_TITLES = {
    "owner": msg("Due on {day}: {n}"),
    "manager": msg("For managers, due for some days on {day}: {n}"),
    "risk": msg("Risk list on {day}: {n}"),
}
_BULLET = "· "


def groups_of(reminders: Sequence[Reminder], levels: tuple[int, int, int]) -> dict[Level, list[Reminder]]:
    """Return what messages tell of, by who is to hear it; a level with nothing to tell is left out."""
    pressing = [reminder for reminder in reminders if is_pressing(reminder.days, levels)]
    found = {level: [reminder for reminder in pressing if reminder.level == level] for level in LEVELS}
    return {level: own for level, own in found.items() if own}


def title_of(level: Level, reminders: Sequence[Reminder], today: date) -> Message:
    """Return a message's title."""
    return Message(_TITLES[level].text, {"day": today.isoformat(), "n": len(reminders)})


def text_of(reminders: Sequence[Reminder], most_bytes: int) -> str:
    """Return a message of at most `most_bytes` in UTF-8: the gravest of each owner, phone numbers masked.

    The reminders are in the order of `in_order`.
    """
    text = ""
    for shown in _SHOWN:
        text = _masked("\n".join(_lines(reminders, shown)))
        if len(text.encode()) <= most_bytes:
            return text
    return _cut(text, most_bytes)


def _lines(reminders: Sequence[Reminder], shown: int) -> list[str]:
    lines: list[str] = []
    for owner, group in groupby(reminders, key=lambda reminder: reminder.finding.owner):
        own = list(group)
        told = [stands_in(name) if name == own[0].deputy else name for name in own[0].recipients if name != owner]
        also = str(msg(" (also to {names})", names=told)) if told else ""
        lines.append(str(msg("{owner}: {n}", owner=owner or NOBODY, n=len(own))) + also)
        lines += [_line(reminder) for reminder in own[:shown]]
        if 0 < shown < len(own):
            lines.append(_BULLET + str(msg("and {n} more", n=len(own) - shown)))
    return lines


def _line(reminder: Reminder) -> str:
    found = reminder.finding
    names = dict.fromkeys(name for name in (found.customer, found.name) if name)
    return f"{_BULLET}{enumerated(names)}: {found.why} [{when(reminder.days)}]"


def _masked(text: str) -> str:
    """Return a text with the middle of every phone number in it hidden.

    >>> _masked("call 138-0000-8000 by 2026-06-30")
    'call 138****8000 by 2026-06-30'
    """
    parts: list[str] = []
    end = 0
    for start, stop, phone in find_phones(text):
        parts += (text[end:start], mask_phone(phone))
        end = stop
    return "".join((*parts, text[end:]))


def _cut(text: str, most_bytes: int) -> str:
    """Return as many whole lines as fit, a sign of what is missing at their end."""
    lines, kept, used = text.split("\n"), 0, len("…".encode())
    for line in lines:
        used += len(line.encode()) + 1
        if used > most_bytes:
            break
        kept += 1
    return "\n".join([*lines[:kept], "…"])
