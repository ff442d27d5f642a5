"""The calendar (.ics) of what is due: one event of a whole day for each reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from crmcli.domain.records import record_number
from crmcli.domain.reminders.escalation import gravest
from crmcli.domain.reminders.model import Reminder
from crmcli.domain.reminders.words import KIND_WORDS
from crmcli.i18n import _, msg
from crmcli.reports.files import whole_file

if TYPE_CHECKING:
    from icalendar import Event

MOST = 5_000
"""Events: as many as a calendar program takes."""
_COMPANY = 8  # characters of its hash in a UID


def write_calendar(path: Path, reminders: Sequence[Reminder], as_of: datetime, company: str = "") -> None:
    """Write the calendar; what is overdue stands on today, where people see it.

    The UID of a reminder is made from its kind, its record and the company's name: a newer file moves the event in a
    calendar and does not add another. Of more than `MOST` the gravest are written, and the calendar says of how many.

    Source: RFC 5545.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//crmcli//reminders//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", company or "crmcli")
    shown = gravest(reminders, MOST)
    if len(shown) < len(reminders):
        calendar.add("x-wr-caldesc", str(msg("the gravest {shown} of {n}", shown=len(shown), n=len(reminders))))
    for reminder in shown:
        calendar.add_component(_event(reminder, as_of, company))
    with whole_file(path) as file:
        file.write(calendar.to_ical())


def _event(reminder: Reminder, as_of: datetime, company: str) -> Event:
    from icalendar import Event

    found, number = reminder.finding, record_number(reminder.finding.entity, reminder.finding.id)
    day = max(found.due, as_of.date())
    about = _("{name} ({customer})").format(name=found.name, customer=found.customer)
    title = found.name if found.customer in ("", found.name) else about
    event = Event()
    event.add("uid", f"{found.kind}-{number}-{sha256(company.encode()).hexdigest()[:_COMPANY]}@crmcli")
    event.add("dtstamp", as_of)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", str(msg("{kind}: {what}", kind=KIND_WORDS[found.kind], what=title)))
    event.add("description", f"{number} · {found.owner or ''} · {found.due.isoformat()}\n{found.why}")
    event.add("categories", [str(KIND_WORDS[found.kind])])
    event.add("transp", "TRANSPARENT")
    return event
