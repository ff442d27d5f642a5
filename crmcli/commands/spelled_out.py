"""Command lines that leave a word out: `attach O7 FILE` is `attach add O7 FILE`."""

from __future__ import annotations

from collections.abc import Sequence

# group -> its commands, and the one that is meant where none of them is named
_SHORT = {"attach": (("add", "list", "verify", "find", "remove"), "add")}
_WITH_VALUE = ("--lang",)


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """Return a command line with the word put in that it leaves out.

    >>> spelled_out(["attach", "O7", "a.pdf"]), spelled_out(["attach", "verify"])
    (['attach', 'add', 'O7', 'a.pdf'], ['attach', 'verify'])
    """
    line = list(arguments)
    place = _first_word(line)
    if place is None or line[place] not in _SHORT:
        return line
    known, meant = _SHORT[line[place]]
    rest = line[place + 1 :]
    said = next((word for word in rest if not word.startswith("-")), None)
    return line if said is None or said in known else [*line[: place + 1], meant, *rest]


def _first_word(line: Sequence[str]) -> int | None:
    """Return the place of the first word that is no option and no option's value."""
    words = (
        place
        for place, word in enumerate(line)
        if not word.startswith("-") and (place == 0 or line[place - 1] not in _WITH_VALUE)
    )
    return next(words, None)
