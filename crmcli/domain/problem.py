"""Bad data as values: the catalogue of what can be wrong with a cell or a row."""

from __future__ import annotations

from dataclasses import dataclass

from crmcli.i18n import Message, msg


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text gave no value. `code` is a key of `CATALOGUE`; `suggestion` is a text that would be read."""

    code: str
    text: str
    suggestion: str = ""

    @property
    def message(self) -> Message:
        """Return the sentence for people."""
        return msg(CATALOGUE[self.code], text=self.text)


# code -> English sentence with {text}; docs and tests are made from this table
CATALOGUE: dict[str, str] = {}


def register(**sentences: str) -> None:
    """Add problem codes and their sentences; a code is registered once."""
    for code, sentence in sentences.items():
        if CATALOGUE.setdefault(code, sentence) != sentence:
            raise ValueError(code)
