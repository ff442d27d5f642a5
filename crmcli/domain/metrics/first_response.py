"""How long deals waited for the first human contact after somebody got them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.contacts import NOBODY, Contacts, contacts, first_from, numbers, positions
from crmcli.domain.metrics.gaps import empty
from crmcli.domain.metrics.population import local_times
from crmcli.domain.metrics.working_time import working_hours_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period
    from crmcli.domain.metrics.timeline import Standing, Timeline


@dataclass(frozen=True, slots=True)
class Responses:
    """Assignments; all arrays align.

    Attributes:
        deal: The position of the deal.
        owner: Who got it.
        given: When; answered: the time of the first contact before anybody else got it, NaT none.
        hours: Working hours from one to the other; NaN none.
    """

    deal: NDArray[Any]
    owner: NDArray[Any]
    given: NDArray[Any]
    answered: NDArray[Any]
    hours: NDArray[Any]

    def ordered(self, order: NDArray[Any] | slice) -> Responses:
        """Return the same in another order, or some of them."""
        return Responses(
            self.deal[order], self.owner[order], self.given[order], self.answered[order], self.hours[order]
        )


def responses(line: Timeline, stand: Standing, period: Period) -> Responses:
    """Return the assignments of deals in `period`: begun with an owner, or given to one later.

    A contact of which only the day is known may have been at the end of that day.
    """
    import numpy as np

    deal, owner, at, until = _assignments(line, stand)
    kept = ~empty(owner) & ~np.isnat(at) & period.covers(at) & (at <= stand.at)
    deal, owner, at, until = deal[kept], owner[kept], at[kept], until[kept]
    found, latest = _by_latest(contacts(line, stand.at))
    begin = np.searchsorted(latest, at)
    first = first_from(line, found, begin, deal, np.full(len(deal), NOBODY))
    answered = np.r_[found.when, np.datetime64("NaT", "us")][first]
    answered = np.where(answered >= until, np.datetime64("NaT", "us"), answered)
    hours = np.maximum(working_hours_between(at, answered, line.population.working), 0)
    return Responses(deal, owner, at, answered, np.round(hours, 2))


def _by_latest(found: Contacts) -> tuple[Contacts, NDArray[Any]]:
    """Return the contacts in the order of the latest time at which each may have been, and these times."""
    import numpy as np

    day = found.when.astype("datetime64[D]")
    end = (day + np.timedelta64(1, "D")).astype("datetime64[us]") - np.timedelta64(1, "us")
    latest = np.where(found.when == day, end, found.when)
    order = np.argsort(latest, kind="stable")
    moved = replace(
        found, when=found.when[order], deal=found.deal[order], customer=found.customer[order],
        names_deal=found.names_deal[order], row=found.row[order],
    )  # fmt: skip
    return moved, latest[order]


def _assignments(line: Timeline, stand: Standing) -> tuple[NDArray[Any], ...]:
    """Return (deal, owner, from, until) of every time that a deal was somebody's or nobody's; NaT: to this day."""
    import numpy as np

    deal, at, was, now = _owner_moves(line, stand)
    first = np.full(line.size, -1, dtype="int64")
    first[deal[::-1]] = np.arange(len(deal))[::-1]
    owners = line.deals["owner"].astype(object).to_numpy()
    begun = np.where(first >= 0, np.r_[was, np.array([None], dtype=object)][first], owners)
    whose = np.r_[np.arange(line.size), deal]
    owner, since = np.r_[begun, now], np.r_[line.start, at]
    loose = np.r_[line.start_between, np.zeros(len(deal), dtype=bool)]
    since = np.where(loose, np.datetime64("NaT", "us"), since)
    order = np.lexsort((np.arange(len(whose)), whose))
    whose, owner, since = whose[order], owner[order], since[order]
    follows = np.r_[whose[1:] == whose[:-1], False][: len(whose)]
    until = np.where(follows, np.r_[since[1:], since[:1]][: len(since)], np.datetime64("NaT", "us"))
    return whose, owner, since, until


def _owner_moves(line: Timeline, stand: Standing) -> tuple[NDArray[Any], ...]:
    """Return (deal, time, from whom, to whom) of the changes of owner up to the standing's time, by deal, in order."""
    import numpy as np

    moves = line.population.moves
    if moves is None or moves.empty:
        nothing = np.empty(0, dtype=object)
        return np.empty(0, dtype="int64"), np.empty(0, dtype="datetime64[us]"), nothing, nothing
    moves = moves[(moves["field"] == "owner").to_numpy(dtype=bool)]
    at = local_times(moves["at"], line.population.timezone)
    deal = positions(line, numbers(moves["opportunity_id"]))
    was, now = (moves[key].astype(object).to_numpy() for key in ("from_value", "value"))
    kept = (deal != NOBODY) & (at <= stand.at)
    order = np.lexsort((at[kept], deal[kept]))
    return tuple(values[kept][order] for values in (deal, at, was, now))
