"""Written lists of tags -> tags."""

from __future__ import annotations

import re

from crmcli.domain.values.text import clean, is_blank

_SEPARATORS = re.compile(r"[,，;；、|｜\n\r\t]+")
_WRAPPERS = "[]【】\"'“”‘’"


def parse_tags(text: str) -> list[str]:
    """Return the tags in a cell as written, in order and each once.

    >>> parse_tags("[重点客户，华东]")
    ['重点客户', '华东']
    """
    pieces = (clean(clean(piece).strip(_WRAPPERS)) for piece in _SEPARATORS.split(clean(text)))
    return list(dict.fromkeys(piece for piece in pieces if not is_blank(piece)))
