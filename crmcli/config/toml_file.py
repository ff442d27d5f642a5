"""A crm.toml's bytes -> its data and the line of every key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmcli.config.findings import ConfigFinding, NoConfigFile
from crmcli.config.toml_lines import Path as KeyPath
from crmcli.config.toml_lines import line_numbers
from crmcli.i18n import Message, msg

_PLACE = re.compile(r"\s*\(at (?:line (?P<line>[0-9]+), column [0-9]+|end of document)\)$")
_FULL_WIDTH = re.compile("[“”‘’，＝［］【】｛｝＃．]")

_CHINESE_KEY = re.compile(r"\s*[\[\w.-]*[^\x00-\x7f\"'#=]+[\]\w.-]*\s*(=|\]|$)")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a file says, and the line of each key path."""

    data: dict[str, Any]
    lines: dict[KeyPath, int]


def read_toml(path: Path) -> TomlFile | ConfigFinding:
    """Return what a file says, or where and why it is no TOML.

    Raises:
        NoConfigFile: there is no such file, or it cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise NoConfigFile(str(path), failure.strerror or str(failure)) from failure
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as failure:
        line = content.count(b"\n", 0, failure.start) + 1
        return ConfigFinding(line, "error", msg("the file is not UTF-8: save it with that encoding"))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        return _syntax(text, str(failure))
    return TomlFile(data, line_numbers(text))


def _syntax(text: str, detail: str) -> ConfigFinding:
    place = _PLACE.search(detail)
    lines = text.splitlines() or [""]
    line = int(place["line"]) if place and place["line"] else len(lines)
    return ConfigFinding(line, "error", _syntax_sentence(lines[min(line, len(lines)) - 1], _PLACE.sub("", detail)))


def _syntax_sentence(line: str, detail: str) -> Message:
    unquoted = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)
    if found := _FULL_WIDTH.search(unquoted):
        return msg("full-width {mark} is not understood here: type it in half width", mark=found.group())
    if _CHINESE_KEY.match(line):
        return msg("a key with letters other than a-z stands in quotes")
    return msg("this is not TOML: {detail}", detail=detail)
