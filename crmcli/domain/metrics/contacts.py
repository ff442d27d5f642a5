"""When people last were in contact about each deal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.population import local_times
from crmcli.domain.metrics.timeline import Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Contacts:
    """What people did, oldest first; arrays align.

    Attributes:
        when: The local time.
        deal: The position of the deal that it is about, `NOBODY` where it names none (or one that is not there).
        customer: The number of its customer, `NOBODY` where it names none.
        names_deal: Whether it is about a deal, there or not.
        row: Its place in the population's activities.
    """

    when: NDArray[Any]
    deal: NDArray[Any]
    customer: NDArray[Any]
    names_deal: NDArray[Any]
    row: NDArray[Any]


def contacts(line: Timeline, moment: NDArray[Any]) -> Contacts:
    """Return the dated human activities up to the local time `moment`; imports, merges and rules do none."""
    import numpy as np

    activities = line.population.activities
    if activities is None or activities.empty:
        nothing = np.empty(0, dtype="int64")
        return Contacts(np.empty(0, dtype="datetime64[us]"), nothing, nothing, nothing.astype(bool), nothing)
    at = local_times(activities["at"], line.population.timezone)
    row = np.flatnonzero(activities["human"].astype(bool).to_numpy() & (at <= moment))
    row = row[np.argsort(at[row], kind="stable")]
    number = numbers(activities["opportunity_id"])[row]
    return Contacts(at[row], positions(line, number), numbers(activities["customer_id"])[row], number != NOBODY, row)


def positions(line: Timeline, numbers: NDArray[Any]) -> NDArray[Any]:
    """Return the positions of deals by number, `NOBODY` of those that are not there."""
    import numpy as np

    ids = line.deals["opportunity_id"].to_numpy(dtype="int64")
    if not len(ids):
        return np.full(len(numbers), NOBODY)
    place = np.minimum(np.searchsorted(ids, numbers), len(ids) - 1)
    return np.where(ids[place] == numbers, place, NOBODY)


def last_contacts(line: Timeline, found: Contacts) -> NDArray[Any]:
    """Return the local time of the last contact about each deal, or with its customer about none; NaT never."""
    import numpy as np
    import pandas as pd

    last = np.full(line.size, np.datetime64("NaT", "us"))
    own = found.deal != NOBODY
    last[found.deal[own]] = found.when[own]  # the latest is written last and stays
    about_none = ~found.names_deal & (found.customer != NOBODY)
    by_customer = pd.Series(found.when[about_none], index=found.customer[about_none])
    by_customer = by_customer[~by_customer.index.duplicated(keep="last")]
    whose = numbers(line.deals["customer_id"])
    general = by_customer.reindex(whose).to_numpy(dtype="datetime64[us]")
    latest: NDArray[Any] = np.fmax(last, general)
    return latest


def numbers(values: Any) -> NDArray[Any]:
    """Return ids as whole numbers, `NOBODY` where there is none."""
    import pandas as pd

    found: NDArray[Any] = pd.to_numeric(values).fillna(NOBODY).to_numpy(dtype="int64")
    return found


def first_from(
    line: Timeline, found: Contacts, begin: NDArray[Any], deal: NDArray[Any], customer: NDArray[Any]
) -> NDArray[Any]:
    """Return for each question the place in `found` of the first contact at `begin` or after; their number: none.

    Of a deal (by position) that is one about it or with its customer about no deal, of a mere customer (`deal` is
    `NOBODY`) any with it.
    """
    import numpy as np

    whose = numbers(line.deals["customer_id"])
    of_deal = deal != NOBODY
    asked = np.where(of_deal, whose[deal] if len(whose) else NOBODY, customer)
    own = _first(found.deal, found.deal != NOBODY, deal, begin)
    general = _first(found.customer, ~found.names_deal, asked, begin)
    with_customer = _first(found.customer, found.customer != NOBODY, asked, begin)
    first: NDArray[Any] = np.where(of_deal, np.minimum(own, general), with_customer)
    return first


def _first(keys: NDArray[Any], counting: NDArray[Any], wanted: NDArray[Any], begin: NDArray[Any]) -> NDArray[Any]:
    """Return for each wanted key the first place at `begin` or after that has it and counts; else their number."""
    import numpy as np

    never = len(keys)
    places = np.flatnonzero(counting & (keys != NOBODY))
    width = never + 1
    known = np.sort(keys[places] * width + places)
    if not len(known):
        return np.full(len(wanted), never)
    at = np.minimum(np.searchsorted(known, wanted * width + begin), len(known) - 1)
    hit = (known[at] // width == wanted) & (known[at] >= wanted * width + begin) & (wanted != NOBODY)
    return np.where(hit, known[at] % width, never)
