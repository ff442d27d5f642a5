"""Typer's complaints about a command line, in the current language: its own are English whatever the locale."""

from __future__ import annotations

import re
from functools import cache

from crmcli.i18n import Message, msg

# Source: the sentences of typer 0.29 (typer/_click/exceptions.py, parser.py, core.py, typer/core.py) and pydantic 2;
# the longer of two that begin alike stands first
_SENTENCES = (
    msg("Invalid value for {name}: {why}"),
    msg("Missing argument {name}."),
    msg("Missing option {name}."),
    msg("Missing command."),
    msg("No such option: {name} (Possible options: {near})"),
    msg("No such option: {name}"),
    msg("No such command {name}. Did you mean {near}?"),
    msg("No such command {name}."),
    msg("Got unexpected extra argument(s) ({arguments})"),
    msg("Option {name} requires an argument."),
    msg("Option {name} does not take a value."),
    msg("Input should be a valid integer, unable to parse string as an integer"),
    msg("Input should be a valid number, unable to parse string as a number"),
)


def in_words(sentence: str) -> Message:
    """Return a sentence of Typer's as a message; one that is not known stays as it is."""
    for known in _SENTENCES:
        if found := _pattern(known.text).fullmatch(sentence):
            args = {key: text.replace("'", "") for key, text in found.groupdict().items()}
            return Message(known.text, args | ({"why": in_words(args["why"])} if "why" in args else {}))
    return Message("{sentence}", {"sentence": sentence})


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
