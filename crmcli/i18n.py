"""Two languages through gettext; source strings are English."""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
_LOCALE_DIR = Path(__file__).parent / "locale"
_state = {"language": "en"}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("crmcli", str(_LOCALE_DIR), languages=[language], fallback=language == "en")


def set_language(language: str) -> None:
    """Make `language` ("zh" or "en") the one that messages are written in from now on."""
    if language not in LANGUAGES:
        raise ValueError(language)
    _state["language"] = language


def current_language() -> str:
    """Return "zh" or "en"."""
    return _state["language"]


def language_of_locale() -> str:
    """Return "zh" where the machine's locale is Chinese, else "en"."""
    names = [os.environ.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((n for n in names if n), "") or (locale.getlocale()[0] or "")
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def _(text: str) -> str:
    """Return `text` in the current language (immediately)."""
    return _catalogue(_state["language"]).gettext(text) if text else ""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that is put into words only when somebody reads it.

    The pure rooms make these; `str()` gives the text in the current language. `code` is what programs read instead.
    """

    text: str
    args: dict[str, Any] = field(default_factory=dict)
    code: str = ""

    @property
    def plain(self) -> str:
        """Return what is the same in every language: the code, else the English sentence."""
        return self.code or self.text.format(**{key: _plain(value) for key, value in self.args.items()})

    def __str__(self) -> str:
        """Return the translated sentence with its arguments filled in, a list's items with commas between them."""
        return _(self.text).format(**{key: _in_line(value) for key, value in self.args.items()})

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted((k, str(v)) for k, v in self.args.items()))))


def enumerated(items: Iterable[object]) -> str:
    """Return the items in a row, as the current language writes it: a, b / a、b."""
    return _(", ").join(str(item) for item in items)


def _in_line(value: Any) -> Any:
    return enumerated(value) if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(_plain(item)) for item in value)
    return value.plain if isinstance(value, Message) else value


def coded(code: str, message: Message) -> Message:
    """Return a message with what programs read instead of its words."""
    return replace(message, code=code)


def msg(text: str, /, **args: Any) -> Message:
    """Return a `Message`; `text` is an English format string that the catalogues translate."""
    return Message(text, args)
