"""The people, to break figures down by whom they concern where no deal says whose team somebody is in."""

from __future__ import annotations

from collections.abc import Iterable

from crmcli.domain.assignment.model import Owner
from crmcli.domain.metrics.grouping import UnknownGroupingError
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.values.text import fold

OF_PEOPLE = ("owner", "team", "region", "manager")
"""Keys of `--by` that a person's name answers."""


class Staff:
    """What is known of people by their names; nobody, and what nobody wrote down, is 未填."""

    def __init__(self, people: Iterable[Owner]) -> None:
        self._people = {fold(one.name): one for one in reversed(tuple(people))}

    def told(self, key: str, name: str | None) -> str:
        """Return a person's own name (`owner`), team, region or manager."""
        person = self._people.get(fold(name or ""))
        if key == "owner":
            return (person.name if person else name) or MISSING
        return str(getattr(person, key)) or MISSING if person else MISSING


def known_keys(by: Iterable[str], known: tuple[str, ...]) -> None:
    """Pass where a report can be broken down by every key.

    Raises:
        UnknownGroupingError: It cannot.
    """
    for key in by:
        if key not in known:
            raise UnknownGroupingError(key, known)


def label_order(label: Iterable[str]) -> list[tuple[bool, str]]:
    """Return what groups are sorted by: their labels, 未填 last."""
    return [(text == MISSING, text) for text in label]
