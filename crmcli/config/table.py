"""What every table of crm.toml is made of: its values, each with what may be written for it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

from crmcli.domain.calendar import WEEKDAYS


def _weekday(value: Any) -> Any:
    """Return 0-6 for `monday`, `mon`, `周一` or 1; anything else as it is, to be refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value - 1
    text = str(value).casefold()
    chinese = {f"周{name}": day for day, name in enumerate("一二三四五六日")} | {"周天": 6}
    english = {name[:length]: day for day, name in enumerate(WEEKDAYS) for length in (3, len(name))}
    return (chinese | english).get(text, value)


def _ordered(value: tuple[date, date]) -> tuple[date, date]:
    if value[0] > value[1]:
        raise PydanticCustomError("backwards", "the last day is before the first")
    return value


def _ordered_hours(value: tuple[str, str]) -> tuple[str, str]:
    if value[0] >= value[1]:
        raise PydanticCustomError("backwards_hours", "the end is not after the start")
    return value


def _written_day(value: Any) -> Any:
    """Refuse numbers, which pydantic would read as seconds since 1970."""
    if not isinstance(value, str | date):
        raise PydanticCustomError("date_parsing", "not a day")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as failure:
        raise PydanticCustomError("bad_pattern", "no pattern", {"reason": str(failure)}) from None
    return value


def _pattern_with_group(value: str) -> str:
    if _pattern(value) and not re.compile(value).groups:
        raise PydanticCustomError("no_group", "no group")
    return value


Whole = Annotated[int, Strict()]
Real = Annotated[float, Strict()]
Switch = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_written_day)]
Weekday = Annotated[int, Field(ge=0, le=6), BeforeValidator(_weekday)]
Texts = tuple[str, ...]
Limit = Annotated[Whole, Field(ge=0)] | None
Days = Annotated[Whole, Field(ge=1)]
Leave = Annotated[tuple[Day, Day], AfterValidator(_ordered)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
WorkHours = Annotated[tuple[Clock, Clock], AfterValidator(_ordered_hours)]
Name = Annotated[str, Field(min_length=1)]
Pattern = Annotated[str, AfterValidator(_pattern)]
GroupPattern = Annotated[str, AfterValidator(_pattern_with_group)]


class Table(BaseModel):
    """A table of crm.toml: no other keys, no change after reading, no guessing at types."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
