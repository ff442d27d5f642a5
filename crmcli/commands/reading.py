"""The options about reading files: every command that reads some has the same."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.choices import BadOption, mapping_of
from crmcli.i18n import _, msg

if TYPE_CHECKING:
    from crmcli.jobs.importing.plan import ReadChoices

TABLE = ("sheet", "header_row", "encoding", "password_env", "map")
EVERYTHING = ("kind", "preset", *TABLE, "limit")


def reading_options(names: Sequence[str]) -> list[inspect.Parameter]:
    """Return the parameters of a command that reads files, those of `names`."""
    option = partial(typer.Option, rich_help_panel=_("How the files are read"))
    number = partial(option, min=0, max=2**31)
    known: dict[str, tuple[Any, Any]] = {
        "kind": (str, option("--kind", help=_("what the rows are: customer, contact, lead, opportunity ..."))),
        "preset": (str, option("--preset", help=_("read it as this known export"))),
        "sheet": (str, option("--sheet", help=_("only this sheet"))),
        "header_row": (int | None, number("--header-row", help=_("the row that holds the headers; 0: none"))),
        "encoding": (str, option("--encoding", help=_("of a text file, where the guess is wrong"))),
        "password_env": (
            str,
            option("--password-env", metavar="VAR", help=_("the variable that holds the password")),
        ),
        "map": (list[str] | None, option("--map", metavar=_("HEADER=FIELD"), help=_("what a column holds"))),
        "limit": (int | None, number("--limit", help=_("read only so many rows a sheet"))),
        "source": (str, option("--source", help=_("the system that the numbers in these files belong to"))),
    }
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default="" if known[name][0] is str else None,
            annotation=Annotated[known[name]],
        )
        for name in names
    ]


@dataclass(frozen=True)
class Reading:
    """What was typed for the options of `reading_options`, by name."""

    given: Mapping[str, Any]

    def choices(self) -> ReadChoices:
        """Return the choices that jobs take.

        Raises:
            BadOption: an unknown kind, a `--map` without "=", a password variable that is not set.
        """
        from crmcli.domain.records import KINDS
        from crmcli.jobs.importing.plan import ReadChoices

        kind, variable = self.given.get("kind", ""), self.given.get("password_env", "")
        if kind and kind not in KINDS:
            raise BadOption("--kind", kind, KINDS)
        password = os.environ.get(variable) if variable else None
        if variable and not password:
            raise BadOption("--password-env", variable, msg("the name of a variable that is set"))
        said = {key: value for key, value in self.given.items() if key not in ("map", "password_env")}
        return ReadChoices(**said, map=mapping_of(self.given.get("map") or []), password=password)
