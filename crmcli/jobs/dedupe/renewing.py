"""The merges that stand brought to those that comparing all records from scratch makes.

Source: definitions.md, "Merge"; matching.md, "one more file ... the same answer".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from crmcli.domain.records import Record, record_number
from crmcli.jobs.dedupe.candidates import Candidates
from crmcli.jobs.dedupe.links import take_back
from crmcli.jobs.dedupe.merging import Merging, choose_survivor, merge_customer
from crmcli.jobs.dedupe.originals import originals_of
from crmcli.jobs.dedupe.pairs import Pair, findings_of
from crmcli.jobs.dedupe.survival import Survivorship
from crmcli.matching.find import Duplicates
from crmcli.store.journal import Run
from crmcli.store.records import fetch, survivors

Group = list[int]


@dataclass(slots=True)
class Renewal:
    """What became of the merges: `survivor` maps every customer to the one it lives on in now.

    `merged` are the customers merged away that were not before, `kept` those they went into; `parted` are (customer,
    the one it lived on in) of merges that do not hold any more.
    """

    survivor: dict[int, int]
    merged: list[int] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    parted: list[tuple[str, str]] = field(default_factory=list)


def renew_merges(run: Run, candidates: Candidates, found: Duplicates, rules: Survivorship) -> Renewal:
    """Return what was done so that customers are one where the matcher says so, and only there.

    What a person merged, or called the same or different, stands. A merge of the machine is taken back where its
    customers are in several clusters by now, or where its cluster grew so that another customer survives.
    """
    before, torn = candidates.survivor, _torn(candidates, found)
    wanted = _Wanted(run, rules)
    whole, broken = ([one for one in groups if not wanted.awaits_person(one)] for groups in _to_do(found, before, torn))
    grown = {one[0]: order for one in whole if (order := wanted.growth(one, before))}
    groups = sorted(whole + broken)
    loose = torn | {before[n] for one in groups if one[0] not in grown for n in one}
    take_back(run, (link for link in candidates.links if before[link.loser] in loose and not link.firm))
    now = survivors(run.db, "customer", before)
    for one in groups:
        order = grown.get(one[0]) or _order(run, rules, sorted({now[number] for number in one}), one, now)
        if order:
            _merge(run, candidates, order, rules)
    return _told(candidates, survivors(run.db, "customer", before))


def _clusters(found: Duplicates) -> list[Group]:
    """Return the customers of each cluster of two or more, each list and all of them in order."""
    members: dict[str, Group] = {}
    for record_id, cluster in zip(found.ids, found.cluster_ids, strict=True):
        members.setdefault(cluster, []).append(int(record_id))
    return sorted(sorted(group) for group in members.values() if len(group) > 1)


def _to_do(found: Duplicates, alive: dict[int, int], torn: set[int]) -> tuple[list[Group], list[Group]]:
    """Return the clusters that are not one customer yet, and those of which some live in a torn one."""
    whole: list[Group] = []
    broken: list[Group] = []
    for one in _clusters(found):
        living = {alive[number] for number in one}
        if not torn.isdisjoint(living):
            broken.append(one)
        elif len(living) > 1:
            whole.append(one)
    return whole, broken


def _torn(candidates: Candidates, found: Duplicates) -> set[int]:
    """Return the customers that live for some of more than one cluster."""
    clusters: dict[int, set[str]] = {}
    for record_id, cluster in zip(found.ids, found.cluster_ids, strict=True):
        clusters.setdefault(candidates.survivor[int(record_id)], set()).add(cluster)
    return {alive for alive, those in clusters.items() if len(those) > 1}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What merging customers from scratch would make of them."""

    run: Run
    rules: Survivorship

    def originals(self, group: Sequence[int]) -> list[Record]:
        """Return customers as they are without what merges gave them."""
        there = originals_of(self.run.db, group)
        return [there.customer(record) for record in fetch(self.run.db, "customer", group).values()]

    def awaits_person(self, group: Group) -> bool:
        """Return whether customers differ where, by crm.toml, only a person chooses what stays."""
        if "by_hand" not in (self.rules.merge.default, *self.rules.merge.fields.values()):
            return False
        return bool(self.rules.by_hand("customer", self.rules.plan(self.run.db, "customer", self.originals(group))))

    def growth(self, group: Group, alive: dict[int, int]) -> Group:
        """Return (survivor, new ones to merge into it) where that makes what merging all anew would, else nothing."""
        merged = [number for number in group if alive[number] != number]
        if not merged:
            return []
        survivor, *others = {alive[number] for number in merged}
        fresh = [number for number in group if alive[number] != survivor]
        if others or min(fresh) < max(merged):
            return []
        plan = self.rules.plan(self.run.db, "customer", self.originals(group))
        return [survivor, *fresh] if int(plan.survivor) == survivor else []


def _order(run: Run, rules: Survivorship, living: Group, group: Collection[int], alive: dict[int, int]) -> Group:
    """Return (survivor, those to merge into it); customers that live for others than the group's are left out."""
    others = {alive[number] for number in alive.keys() - set(group)} if len(living) > 1 else set()
    living = [number for number in living if number not in others]
    if len(living) < 2:  # noqa: PLR2004 - two are merged
        return []
    survivor, losers = choose_survivor(run, living, rules)
    return [survivor, *losers]


def _merge(run: Run, candidates: Candidates, order: Group, rules: Survivorship) -> None:
    survivor, *losers = order
    ordered: dict[int, Pair] = {loser: (min(survivor, loser), max(survivor, loser)) for loser in losers}
    why = findings_of(candidates, [(pair, pair) for pair in ordered.values()])
    for loser, pair in ordered.items():
        merge_customer(run, survivor, loser, replace(why[pair], tier="auto"), Merging(rules))


def _told(candidates: Candidates, now: dict[int, int]) -> Renewal:
    told = Renewal(now)
    for number, before in candidates.survivor.items():
        if before == number and now[number] != number and now[number]:
            told.merged.append(number)
            told.kept.add(now[number])
        if now[number] != now[before]:
            told.parted.append((record_number("customer", number), record_number("customer", before)))
    return told
