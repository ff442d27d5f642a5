"""How `remind` shows what is due: by owner, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from crmcli.domain.records import record_number
from crmcli.domain.reminders.words import LEVEL_WORDS, NOBODY, stands_in, when
from crmcli.i18n import _

if TYPE_CHECKING:
    from rich.table import Table

    from crmcli.domain.reminders.model import Reminder

_ROWS = 20  # records of each owner; a file has all


def shown(reminders: Sequence[Reminder]) -> Iterator[Table | str]:
    """Yield a heading and a table for each owner, one row a record; the reminders are in the order of `in_order`."""
    for owner, group in groupby(reminders, key=lambda reminder: reminder.finding.owner):
        by_record: dict[tuple[str, int], list[Reminder]] = {}
        deputy = None
        for reminder in group:
            deputy = reminder.deputy
            by_record.setdefault((reminder.finding.entity, reminder.finding.id), []).append(reminder)
        records = list(by_record.values())
        told = _("{owner}: {n}").format(owner=owner or NOBODY, n=len(records))
        yield f"{told} ({stands_in(deputy)})" if deputy else told
        yield _table(records[:_ROWS])
        if len(records) > _ROWS:
            yield _("and {n} more, in --out FILE.xlsx and --json").format(n=len(records) - _ROWS)


def _table(records: Sequence[Sequence[Reminder]]) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in (_("number"), _("level"), _("when"), _("customer"), _("why")):
        table.add_column(title, overflow="fold")
    for own in records:
        gravest, found = own[0], own[0].finding
        table.add_row(
            record_number(found.entity, found.id),
            str(LEVEL_WORDS[gravest.level]),
            str(when(gravest.days)),
            found.customer or found.name,
            "; ".join(str(reminder.finding.why) for reminder in own),
        )
    return table
