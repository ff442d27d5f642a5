"""What the versions of one sheet, read in one run, say of each deal; the events follow when all are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.importers.extract import Parts
from crmcli.store.database import Database
from crmcli.store.records import chunks, fetch_where

Said = dict[str, object]
_WRITING = ("written", "stage_text", "entered_at", "updated_at")


@dataclass(slots=True)
class Sightings:
    """The sightings of a run, by deal and day of the version (see `crmcli.domain.series` for what each holds).

    `day` and `crowded` are of the version being read: `crowded` holds the keys that several of its rows share.
    `come_back` where the rows were held back from versions that were read before. `stored` are the records of earlier
    runs, `source_rows` where this run's sightings come from.
    """

    zone: ZoneInfo
    system: str
    day: str = ""
    crowded: Collection[str] = ()
    come_back: bool = False
    stored: dict[int, Record] = field(default_factory=dict)
    now: dict[int, dict[str, Said]] = field(default_factory=dict)
    source_rows: dict[tuple[int, str], int] = field(default_factory=dict)
    _looked_up: set[int] = field(default_factory=set)

    def load(self, db: Database, numbers: Iterable[int]) -> None:
        """Fetch what earlier runs saw of these deals."""
        wanted = set(numbers) - self._looked_up
        self._looked_up |= wanted
        for part in chunks(sorted(wanted)):
            where = f"system = ? AND opportunity_id IN ({','.join('?' * len(part))})"
            for record in fetch_where(db, "sighting", where, (self.system, *part)):
                self.stored[record["opportunity_id"]] = record

    def add(self, number: int, said: Said, source_row: int) -> bool:
        """Return whether a deal says something else than in the version before; none is known of a new deal."""
        seen = self.seen(number)
        earlier = max((day for day in seen if day < self.day), default=None)
        known = seen.get(self.day)
        self.now.setdefault(number, {})[self.day] = said
        if said == known:
            return False
        self.source_rows[number, self.day] = source_row
        compared = known or (seen[earlier] if earlier else {})
        return _meaning(compared) != _meaning(said)

    def seen(self, number: int) -> dict[str, Said]:
        """Return all sightings of a deal by day, those of earlier runs too."""
        before = self.stored[number]["seen"] if number in self.stored else {}
        return {**before, **self.now.get(number, {})}

    @property
    def fresh(self) -> list[int]:
        """Return the deals of which this run saw something that earlier runs did not."""
        return sorted(number for number in self.now if number not in self.stored or self._differs(number))

    def _differs(self, number: int) -> bool:
        before = self.stored[number]["seen"]
        return any(before.get(day) != said for day, said in self.now[number].items())


def _meaning(said: Said) -> Said:
    """Return what a sighting says of the deal, without how and when it was written."""
    return {key: value for key, value in said.items() if key not in _WRITING}


def shared_key(parts: Parts) -> str | None:
    """Return the text that rows of one version must not share: customer and name; None where the row has a number."""
    deal, customer = parts.get("opportunity", {}), parts.get("customer", {})
    if deal.get("external_id"):
        return None
    home = customer.get("external_id") or fold(customer.get("name") or "")
    return f"{home}|{fold(deal.get('name') or '')}"
