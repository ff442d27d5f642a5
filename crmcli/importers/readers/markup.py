"""The text of HTML, XML and vCard files: what the file declares counts where its bytes do not decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from crmcli.importers.readers.encoding import Encoding, encoding_of
from crmcli.importers.readers.failures import FileEncoding

_DECLARED = re.compile(rb"(?:charset\s*=\s*[\"']?|<\?xml[^>]*encoding\s*=\s*[\"'])([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096
_CHUNK_CHARS = 1 << 18


def markup_encoding(path: Path, override: str | None) -> Encoding:
    """Return the encoding of an HTML or XML file.

    Raises:
        FileEncoding: none fits.
    """
    found = encoding_of(path, override)
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    declared = _DECLARED.search(head)
    if not found.guessed or declared is None or b"\x00" in head[:64]:
        return found
    try:
        name = encoding_of(path, declared.group(1).decode("ascii")).name
        for _text in text_chunks(path, name):
            pass
    except FileEncoding:
        return found  # it says what it is not
    return Encoding(name, guessed=False)


def text_chunks(path: Path, encoding: str) -> Iterator[str]:
    """Yield a file's text in pieces.

    Raises:
        FileEncoding: it is in another encoding.
    """
    with path.open(encoding=encoding) as stream:
        try:
            while text := stream.read(_CHUNK_CHARS):
                yield text
        except UnicodeError:
            raise FileEncoding(str(path), encoding) from None


def text_lines(path: Path, encoding: Encoding) -> Iterator[str]:
    """Yield a file's lines; what is in another encoding, where it mixes some, comes as lone surrogates.

    Raises:
        FileEncoding: it is in another encoding.
    """
    with path.open(encoding=encoding.name, errors="surrogateescape" if encoding.mixed else "strict") as stream:
        try:
            yield from stream
        except UnicodeError:
            raise FileEncoding(str(path), encoding.name) from None
