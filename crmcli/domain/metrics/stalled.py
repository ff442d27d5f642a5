"""Open deals that stand still, by two clocks: days in the stage and days without human contact.

Whether a deal is stalled is decided by `reminders.stalled`, as for `remind`; here its clocks are read set-wise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.contacts import contacts, last_contacts
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.gaps import filled, only
from crmcli.domain.metrics.grouping import group, month_names
from crmcli.domain.metrics.money import Fen, fen, tally
from crmcli.domain.metrics.population import MISSING, Population
from crmcli.domain.metrics.timeline import OPEN, Standing, Timeline
from crmcli.domain.metrics.visits import entered_at
from crmcli.domain.reminders.model import Deal, Plan, Rules, StageClock
from crmcli.domain.reminders.plans import protects
from crmcli.domain.reminders.stalled import Stall, stall_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STALLED, _OVER_MAX, _PROTECTED, _MOVING, _UNKNOWN = range(5)


@dataclass(frozen=True, slots=True)
class StalledRow:
    """Open deals of one group in one stage.

    Attributes:
        stalled: Silent for `rot_days` or longer, and no plan excuses it.
        protected: As silent, but a plan ahead excuses it.
        over_max: Not stalled, but in the stage for its `max_days` or longer.
        unknown: Deals of which no day at all is known to count silence from.
        amounts: Known amounts of the stalled in fen by currency; `no_amount` have none.
        rot_days: What the stage allows; None: silence alone never stalls.
    """

    group: tuple[str, ...]
    stage: str
    open: int
    stalled: int
    protected: int
    over_max: int
    unknown: int
    amounts: dict[str, Fen]
    no_amount: int
    rot_days: int | None


@dataclass(frozen=True, slots=True)
class StalledDeal:
    """A stalled deal (by position), its clocks in days (None: unknown), its last contact and the plan that stands."""

    deal: int
    stage: str
    stall: Stall
    rot_days: int | None
    last_contact: date | None
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class _Clocks:
    """The open deals' clocks, aligned with their positions `deal`: days (NaN: unknown), times and stage names."""

    deal: NDArray[Any]
    stage: NDArray[Any]
    entered: NDArray[Any]
    contact: NDArray[Any]
    silent: NDArray[Any]
    aged: NDArray[Any]


def rules_of(population: Population) -> Rules:
    """Return what decides whether a deal of the population is stalled."""
    stages = population.stages
    clocks = {
        ("", name): StageClock(rank, stages.rules_of(rank).rot_days, stages.rules_of(rank).max_days)
        for rank, name in enumerate(stages.names, 1)
    }
    return Rules(max_plan_days=population.max_plan_days, stages=clocks)


def stalled(
    line: Timeline, stand: Standing, *, home: str, by: tuple[str, ...] = (), listed: bool = True
) -> tuple[tuple[StalledRow, ...], Evidence, tuple[StalledDeal, ...]]:
    """Return a row a group and present stage, the open deals behind, and the stalled ones, the most silent first.

    Why each of them is stalled is put into words, which takes long: where nobody reads it they are not `listed`.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (of the expected close).
    """
    import numpy as np

    clocks, rules = _clocks(line, stand), rules_of(line.population)
    state = _states(line, stand, clocks, rules)
    closes = line.times("expected_close")[clocks.deal]
    groups = group(line, clocks.deal, by, {"month": month_names(closes)})
    names, stage = _stages(line, clocks)
    width = len(names)
    codes = groups.codes * width + stage
    order = np.lexsort((clocks.deal, -fen(line, clocks.deal)[0], state, codes))
    codes, state, deal = codes[order], state[order], clocks.deal[order]
    counts = np.bincount(codes * 5 + state, minlength=groups.count * width * 5).reshape(-1, 5)
    worth = tally(line, deal[state == _STALLED], codes[state == _STALLED], groups.count * width, home=home)
    rows: list[StalledRow] = []
    blocks: dict[tuple[int, str], Block] = {}
    first = 0
    for code, own in enumerate(counts.tolist()):
        place = code % width
        if not sum(own) and (by or place >= len(line.stages.names)):
            continue
        at = first
        for key, number in zip(("stalled", "over_max", "protected", None, "unknown"), own, strict=True):
            if key:
                blocks[len(rows), key] = Block(at, number)
            at += number
        blocks[len(rows), "open"] = Block(first, sum(own))
        first += sum(own)
        clock = rules.clock(None, names[place])
        rows.append(StalledRow(
            groups.labels[code // width], names[place], sum(own), own[_STALLED], own[_PROTECTED], own[_OVER_MAX],
            own[_UNKNOWN], worth.amounts(code), int(worth.unknown[code]), clock.rot_days if clock else None,
        ))  # fmt: skip
    evidence = Evidence(deal, blocks, _marks(clocks, order))
    return tuple(rows), evidence, _listed(line, stand, clocks, rules) if listed else ()


def _clocks(line: Timeline, stand: Standing) -> _Clocks:
    import numpy as np

    deal = np.flatnonzero(stand.status == OPEN)
    entered = entered_at(line, stand)
    contact = last_contacts(line, contacts(line, stand.at))
    created = line.times("created_at")
    quiet_from = np.where(np.isnat(contact), np.where(np.isnat(created), entered, created), contact)
    silent, aged = (_whole_days(times, stand.at)[deal] for times in (quiet_from, entered))
    return _Clocks(deal, filled(stand.open_stage[deal], MISSING), entered[deal], contact[deal], silent, aged)


def _whole_days(since: NDArray[Any], until: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    days: NDArray[Any] = (until.astype("datetime64[D]") - since.astype("datetime64[D]")) / np.timedelta64(1, "D")
    return days


def _judged(line: Timeline, stand: Standing, clocks: _Clocks, rules: Rules) -> dict[int, Stall]:
    """Return the deals that stand still, by their place in `clocks`: only those that a clock tells of are looked at."""
    import numpy as np

    today: date = stand.at.astype("datetime64[D]").item()
    rot, most = _limits(clocks, rules)
    numbers = line.deals["opportunity_id"].to_numpy(dtype="int64")[clocks.deal]
    created = line.times("created_at")[clocks.deal]
    found = {}
    for at in np.flatnonzero((clocks.silent >= rot) | (clocks.aged >= most)).tolist():
        deal = Deal(
            int(numbers[at]), "", "", None, stage=clocks.stage[at], created_at=_text(created[at]),
            entered=_text(clocks.entered[at]), last_contact=_text(clocks.contact[at]),
            plan=line.population.plans.get(int(numbers[at])),
        )  # fmt: skip
        if stall := stall_of(deal, today, rules):
            found[at] = stall
    return found


def _limits(clocks: _Clocks, rules: Rules) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return how many days of silence and in the stage each deal's stage allows; NaN: as many as you like."""
    import numpy as np
    import pandas as pd

    codes, names = pd.factorize(clocks.stage)
    allowed = [rules.clock(None, str(name)) or StageClock(0) for name in names]
    rot = np.array([np.nan if one.rot_days is None else one.rot_days for one in allowed] or [np.nan])
    most = np.array([np.nan if one.max_days is None else one.max_days for one in allowed] or [np.nan])
    return rot[codes], most[codes]


def _text(time: Any) -> str | None:
    text = str(time)
    return None if text == "NaT" else text


def _states(line: Timeline, stand: Standing, clocks: _Clocks, rules: Rules) -> NDArray[Any]:
    """Return for each deal what its clocks and its plan tell of it, as `stall_of` does of one."""
    import numpy as np

    today: date = stand.at.astype("datetime64[D]").item()
    rot, most = _limits(clocks, rules)
    numbers, plans = line.deals["opportunity_id"].to_numpy(dtype="int64")[clocks.deal], line.population.plans
    silent = np.flatnonzero(clocks.silent >= rot)
    excused = [protects(plans.get(number), today, rules.max_plan_days) for number in numbers[silent].tolist()]
    state = np.where(np.isnan(clocks.silent), _UNKNOWN, _MOVING)
    state[silent] = _PROTECTED
    state[clocks.aged >= most] = _OVER_MAX
    state[silent[~np.array(excused, dtype=bool)]] = _STALLED
    return state


def _stages(line: Timeline, clocks: _Clocks) -> tuple[list[str], NDArray[Any]]:
    """Return the names of the rows' stages, in rank order, then unknown ones, and each deal's place in them."""
    import numpy as np

    own = sorted(set(clocks.stage.tolist()) - set(line.stages.names) - {MISSING})
    names = [*line.stages.names, *own, MISSING]
    place = {name: at for at, name in enumerate(names)}
    return names, np.array([place[name] for name in clocks.stage.tolist()], dtype="int64")


def _marks(clocks: _Clocks, order: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return {
        "stage_days": _or_none(clocks.aged)[order],
        "silent_days": _or_none(clocks.silent)[order],
        "last_contact": clocks.contact[order].astype("datetime64[D]"),
    }


def _or_none(days: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return only(~np.isnan(days), np.nan_to_num(days).astype("int64").astype(object))


def _listed(line: Timeline, stand: Standing, clocks: _Clocks, rules: Rules) -> tuple[StalledDeal, ...]:
    """Return the deals that silence stalls, the most silent first."""
    numbers = line.deals["opportunity_id"].to_numpy(dtype="int64")[clocks.deal]
    listed = []
    for at, stall in _judged(line, stand, clocks, rules).items():
        if stall.by_silence:
            clock = rules.clock(None, clocks.stage[at])
            contact: date | None = clocks.contact[at].astype("datetime64[D]").item()
            listed.append(StalledDeal(int(clocks.deal[at]), clocks.stage[at], stall, clock.rot_days if clock else None,
                                      contact, line.population.plans.get(int(numbers[at]))))  # fmt: skip
    return tuple(sorted(listed, key=lambda one: (-(one.stall.silent_days or 0), one.deal)))
