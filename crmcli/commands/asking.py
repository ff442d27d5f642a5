"""A person at a terminal is asked about the columns whose meaning is not sure."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from crmcli.commands.shell import Shell
from crmcli.i18n import _, current_language, enumerated

if TYPE_CHECKING:
    from crmcli.config import Settings
    from crmcli.jobs.importing.plan import ReadChoices
    from crmcli.jobs.importing.unsure import Question

_SHOWN_TEXTS = 3
_SHOWN_LENGTH = 30


def ask_about_columns(shell: Shell, settings: Settings, files: Sequence[str], choices: ReadChoices) -> dict[str, str]:
    """Return header -> field as a person at the terminal has said, for `--map`; nothing where nobody may be asked.

    Raises:
        CrmError: a path leads to no file.
    """
    if not shell.may_ask:
        return {}
    from crmcli.commands.progress import progress
    from crmcli.jobs.importing.unsure import unsure_columns

    with progress(shell) as tell:
        tell(_("reading"))
        questions = unsure_columns(settings, files, choices)
    said: dict[str, str] = {}
    place = ""
    for question in questions:
        if place != (place := _place(question)):
            shell.note(_("{place}: what do these columns hold?").format(place=place))
            shell.note(_("Enter: as proposed; a field or heading: that one; -: an extra column; ?: the fields"))
        said |= {**question.beside, question.name: _answer(question, shell.note)}
    return said


def as_options(said: Mapping[str, str]) -> str:
    """Return the options of a command line that say the same."""
    return shlex.join(part for name, path in said.items() for part in ("--map", f"{name}={path}"))


def _place(question: Question) -> str:
    first, *others = question.sheets
    place = Path(first.file).name + (f" [{first.name}]" if first.name else "")
    return _("{place} and {count} more").format(place=place, count=len(others)) if others else place


def _answer(question: Question, note: Callable[[str], None]) -> str:
    from crmcli.importers.meaning import EXTRA
    from crmcli.jobs.importing.unsure import field_said

    note(f"\n  {question.name}: {enumerated(map(_shown, question.sample[:_SHOWN_TEXTS]))}")
    note(f"  → {_called(question.path)}: {question.why}")
    while said := typer.prompt(f"  {question.name}", default="", show_default=False, err=True).strip():
        if said == "-":
            return EXTRA
        if path := field_said(said, question.kind):
            note(f"  → {_called(path)}")
            return path
        note(_fields(question.kind) if said == "?" else _("  no field is called {text}").format(text=said))
    return question.path


def _called(path: str) -> str:
    from crmcli.domain.fields import catalogue

    known = catalogue().get(path)
    return f"{known.label(current_language())} ({path})" if known else path or _("an extra column")


def _fields(kind: str) -> str:
    """Return the fields of the sheet's kind and of whom its records belong to, a line a kind."""
    from crmcli.domain.fields import fields_of

    kinds = dict.fromkeys(filter(None, (kind, "customer", "contact")))
    return "\n".join(f"  {entity}: {enumerated(field.key for field in fields_of(entity))}" for entity in kinds)


def _shown(text: str) -> str:
    """Return the beginning of a cell; what would move the cursor or colour the screen is left out."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if len(line) <= _SHOWN_LENGTH else f"{line[:_SHOWN_LENGTH]}…"
