"""Web archives (.mht), as Excel saves them: the pages in them that hold tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from email import message_from_binary_file
from email.message import Message as Mail
from pathlib import Path, PurePosixPath

from crmcli.importers.readers.encrypted import private_copy
from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import FileDamaged, FileNotATable

# how the first page of Excel's names the others
_NAMED = re.compile(r"<x:Name>([^<]*)</x:Name>\s*<x:WorksheetSource\s+HRef=[\"']([^\"']*)[\"']", re.IGNORECASE)


def pages(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (the sheet's name, a copy in `folder`) of each page that holds a table; the name is "" for the only one.

    Raises:
        FileNotATable: no page does. FileDamaged: it cannot be taken apart.
    """
    try:
        with engine_border(), path.open("rb") as stream:
            parts = [part for part in message_from_binary_file(stream).walk() if part.get_content_type() == "text/html"]
            texts = [(_place(part), _text(part)) for part in parts]
    except EngineFailed as failure:
        raise FileDamaged(str(path), f"MHTML: {failure}") from None
    names = {_last(place): html.unescape(name) for _, text in texts for name, place in _NAMED.findall(text)}
    tables = [(place, text) for place, text in texts if "<table" in text.lower()]
    if not tables:
        raise FileNotATable(str(path), "MHTML")
    for place, text in tables:
        name = names.get(place, place) if len(tables) > 1 else names.get(place, "")
        copy = private_copy(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"), folder)
        try:
            yield name, copy
        finally:
            copy.unlink(missing_ok=True)


def _place(part: Mail) -> str:
    return _last(str(part.get("Content-Location", "")))


def _last(place: str) -> str:
    return PurePosixPath(place.replace("\\", "/")).name


def _text(part: Mail) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    declared = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", raw[:4096], re.IGNORECASE)
    charset = part.get_content_charset() or (declared.group(1).decode("ascii") if declared else "")
    for encoding in (charset, "utf-8"):
        try:
            return raw.decode("gb18030" if encoding.lower() in ("gb2312", "gbk") else encoding or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("gb18030", "replace")
