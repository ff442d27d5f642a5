"""The lines of a vCard file: unfolded, decoded, taken apart.

Source: vCard 2.1 (versit), RFC 2426 (3.0), RFC 6350 (4.0).
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

_PARAMETER = re.compile(r';([^;:="]+)(?:=((?:"[^"]*"|[^";:])*))?')
_NAME = re.compile(r"(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED = {"n": "\n", "N": "\n"}
_MAX_LINES = 50_000  # a photo has some thousands; what folds on and on is no card


class Property(NamedTuple):
    """One property: its name in capitals, the group it belongs to, its types in small letters, its raw value."""

    name: str
    group: str = ""
    types: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = MappingProxyType({})
    value: str = ""

    def text(self) -> str:
        """Return the value without escapes."""
        return _ESCAPED.sub(lambda match: _UNESCAPED.get(match[1], match[1]), self.value).strip()

    def parts(self) -> list[str]:
        """Return the components of a structured value, without escapes."""
        parts, begin = [], 0
        for match in re.finditer(r"\\.|;", self.value, re.DOTALL):
            if match[0] == ";":
                parts.append(self.value[begin : match.start()])
                begin = match.end()
        return [self._replace(value=part).text() for part in (*parts, self.value[begin:])]

    @property
    def is_binary(self) -> bool:
        """Return whether the value is a picture, a sound, a key."""
        return self.parameters.get("ENCODING", "").upper() in ("B", "BASE64") or self.value.startswith("data:")


def unfolded(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield (number of its first line from 1, line) of the logical lines that are not blank."""
    number, parts = 0, list[str]()
    for at, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        if parts and len(parts) < _MAX_LINES and text and _is_soft_break(parts):
            parts[-1] = parts[-1][:-1]
            parts.append(text)
        elif parts and len(parts) < _MAX_LINES and text[:1] in (" ", "\t"):
            parts.append(text[1:])
        else:
            if any(parts):
                yield number, "".join(parts)
            number, parts = at, [text if text.strip() else ""]
    if any(parts):
        yield number, "".join(parts)


def _is_soft_break(parts: list[str]) -> bool:
    return parts[-1].endswith("=") and "QUOTED-PRINTABLE" in parts[0].partition(":")[0].upper()


def property_of(line: str) -> Property | None:
    """Return the property of a logical line; None where it is none."""
    name = _NAME.match(line)
    if name is None:
        return None
    at, parameters, types = name.end(), dict[str, str](), set[str]()
    while found := _PARAMETER.match(line, at):
        at = found.end()
        key, value = found[1].strip().upper(), found[2]
        if value is None:  # vCard 2.1 leaves the key out
            key, value = ("ENCODING", found[1]) if key in ("QUOTED-PRINTABLE", "BASE64") else ("TYPE", found[1])
        if key == "TYPE":
            types.update(value.strip('"').lower().replace('"', "").split(","))
        else:
            parameters[key] = value.strip('"')
    if line[at : at + 1] != ":":
        return None
    value = line[at + 1 :]
    if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        value = _quoted_printable(value, parameters.get("CHARSET", ""))
    return Property(name[2].upper(), name[1] or "", frozenset(types), parameters, value)


def _quoted_printable(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8"))
    named = "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
    for encoding in (named, "utf-8", "gb18030"):
        try:
            return raw.decode(encoding or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("utf-8", "replace")
