"""Option texts -> the choices that jobs take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg

if TYPE_CHECKING:
    from crmcli.domain.settle import Mode
    from crmcli.jobs.series.versions import DateChoices


class BadOption(CrmError):
    """An option's value is none that is known."""

    code = "usage.option"
    exit_code = ExitCode.USAGE

    def __init__(self, option: str, text: str, allowed: Sequence[str] | Message) -> None:
        shown = str(allowed) if isinstance(allowed, Message) else ", ".join(allowed)
        super().__init__(
            msg("{option} {text}: expected {allowed}", option=option, text=text, allowed=shown),
        )


def modes_of(texts: Sequence[str]) -> tuple[Mode, dict[str, Mode]]:
    """Return the mode that the texts of `--on-match` give to all columns, and those they give to single ones.

    A text is a mode, or a header or field with its mode (`客户级别=overwrite`); the last for it counts.

    Raises:
        BadOption: a mode that is unknown, a text that names no column before "=".
    """
    from crmcli.domain.settle import Mode

    general, apart = Mode.FILL, {}
    for text in texts:
        column, equals, name = text.rpartition("=")
        if name.strip() not in list(Mode) or (equals and not column.strip()):
            raise BadOption("--on-match", text, [*Mode, "COLUMN=MODE"])
        if equals:
            apart[column.strip()] = Mode(name.strip())
        else:
            general = Mode(name.strip())
    return general, apart


def mapping_of(mapped: Sequence[str]) -> dict[str, str]:
    """Return header -> field from the texts of `--map`.

    Raises:
        BadOption: a text without "=".
    """
    pairs = {}
    for text in mapped:
        header, equals, path = text.rpartition("=")
        if not equals or not header:
            raise BadOption("--map", text, msg("HEADER=FIELD"))
        pairs[header] = path.strip()
    return pairs


def date_choices(said: Sequence[str], year: int | None) -> DateChoices:
    """Return where the days of a sheet's versions come from.

    Raises:
        BadOption: an unknown place, or what is no FILE=DAY.
    """
    from crmcli.jobs.series.versions import DateChoices, DatesFrom

    places = [text for text in said if text in list(DatesFrom)]
    days: dict[str, str] = {}
    for text in said:
        file, _equals, day = text.rpartition("=")
        try:
            days |= {} if text in places else {file: date.fromisoformat(day).isoformat()}
        except ValueError:
            allowed = msg("name, title or modified, or a file and its day: 0301.xlsx=2026-03-01")
            raise BadOption("--dates", text, allowed) from None
    return DateChoices(DatesFrom(places[-1]) if places else DatesFrom.AUTO, year, days)
