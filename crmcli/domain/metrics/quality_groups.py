"""What is counted of the data's quality, by whose records they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from crmcli.domain.metrics.quality import Broken, Quality, StatusSum
from crmcli.domain.metrics.staff import OF_PEOPLE, Staff, known_keys, label_order

Item = TypeVar("Item")


def by_people(quality: Quality, by: tuple[str, ...], staff: Staff) -> Quality:
    """Return the same with broken rules and sums a row for each group of the records' owners; the rest is whole.

    Raises:
        UnknownGroupingError: A key of `by` is not of people.
    """
    known_keys(by, OF_PEOPLE)
    if not by:
        return quality
    numbers = [number for one in quality.broken for number in one.records]
    numbers += [record.number for one in quality.sums for record in one.records]
    owners = quality.owners(numbers) if quality.owners else {}
    named = {name: tuple(staff.told(key, name) for key in by) for name in {None, *owners.values()}}
    labels = {number: named[owners.get(number)] for number in numbers}
    broken = tuple(part for one in quality.broken for part in _broken(one, labels))
    return replace(quality, broken=broken, sums=tuple(part for one in quality.sums for part in _sums(one, labels)))


def _broken(one: Broken, labels: Mapping[str, tuple[str, ...]]) -> Iterable[Broken]:
    for label, records in _parted([(labels[number], number) for number in one.records]):
        told = {key: len(records) for key in ("n", "number") if one.message.args.get(key) == len(one.records)}
        words = replace(one.message, args=one.message.args | told)
        yield replace(one, message=words, records=tuple(records), group=label)


def _sums(one: StatusSum, labels: Mapping[str, tuple[str, ...]]) -> Iterable[StatusSum]:
    for label, records in _parted([(labels[record.number], record) for record in one.records]):
        known = [record.fen for record in records if record.fen is not None]
        without = len(records) - len(known)
        yield replace(one, n=len(records), amount_fen=sum(known), without_amount=without, records=records, group=label)


def _parted(items: Iterable[tuple[tuple[str, ...], Item]]) -> list[tuple[tuple[str, ...], Sequence[Item]]]:
    """Return the items of each group, groups by label."""
    found: dict[tuple[str, ...], list[Item]] = {}
    for label, item in items:
        found.setdefault(label, []).append(item)
    return sorted(found.items(), key=lambda pair: label_order(pair[0]))
