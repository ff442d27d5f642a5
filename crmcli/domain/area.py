"""Where a customer is, as one unit: province, city and district that were said together stay together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmcli.domain.intake import AREA

# what speaks of a place with its area
PLACE = (*AREA, "address")


def area_text(record: Mapping[str, Any]) -> str:
    """Return province, city and district as one text, "" where none is known."""
    return "".join(record.get(key) or "" for key in AREA)


def one_area(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Return whether two records may be in one area: one says nothing of it, or no level differs and one is the same.

    >>> one_area({"province": "江苏"}, {"province": "江苏", "city": "苏州"}), one_area({"province": "江苏"}, {})
    (True, True)
    >>> one_area({"province": "江苏"}, {"province": "浙江"}), one_area({"province": "江苏"}, {"city": "杭州"})
    (False, False)
    """
    if not area_text(a) or not area_text(b):
        return True
    both = [key for key in AREA if a.get(key) and b.get(key)]
    return bool(both) and not differing_levels(a, b)


def differing_levels(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    """Return the levels of the area that both records say, and differently."""
    return [key for key in AREA if a.get(key) and b.get(key) and a[key] != b[key]]
