"""What is wrong with crm.toml, by place and then by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from crmcli.config.toml_lines import Path as KeyPath
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg

_LIKENESS = 0.5  # so that one wrong character of two is still seen

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a key: `at` is the path of keys and positions to it."""

    at: KeyPath
    message: Message
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class ConfigFinding:
    """Something wrong in a line of crm.toml (from 1). An error makes the file unusable, a warning does not."""

    line: int
    severity: Severity
    message: Message


class ConfigError(CrmError):
    """crm.toml cannot be used: the first mistake, by file and line."""

    code = "config"

    def __init__(self, file: str, findings: Sequence[ConfigFinding]) -> None:
        first = findings[0]
        hint = msg("`crmcli config check` lists every mistake by line ({n} found)", n=len(findings))
        super().__init__(first.message, where=f"{file}:{first.line}", hint=hint)
        self.findings = tuple(findings)


class NoConfigFile(CrmError):
    """The file that should hold the settings cannot be opened."""

    code = "config.missing"

    def __init__(self, path: str, reason: str) -> None:
        hint = msg("`crmcli init` writes a crm.toml; --config names another")
        super().__init__(msg("cannot read the settings: {reason}", reason=reason), where=path, hint=hint)


def unknown(what: Message, name: str, known: Iterable[str]) -> Message:
    """Return the sentence for a name nobody has: with the one that was probably meant, else with all there are."""
    names = list(dict.fromkeys(known))
    if near := get_close_matches(name, names, n=1, cutoff=_LIKENESS):
        return msg("{what} {name} is unknown; do you mean {near}?", what=what, name=name, near=near[0])
    if names:
        return msg("{what} {name} is unknown; there are {names}", what=what, name=name, names=names)
    return msg("{what} {name} is unknown; there is none", what=what, name=name)
