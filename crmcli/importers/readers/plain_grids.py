"""The containers that need no engine for workbooks: which reader reads which."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from crmcli.importers.readers.grid import Grid
from crmcli.importers.readers.options import ReadOptions

PLAIN = frozenset({"text", "html", "spreadsheetml", "vcard"})


def plain_grids(path: Path, container: str, options: ReadOptions, is_known: Callable[[str], bool]) -> Iterable[Grid]:
    """Return the grids of a file of one of the containers `PLAIN`.

    Raises:
        FileNotReadable: why there is none.
    """
    if container == "html":
        from crmcli.importers.readers.html import html_grids

        return html_grids(path, options.encoding)
    if container == "spreadsheetml":
        from crmcli.importers.readers.spreadsheetml import spreadsheetml_grids

        return spreadsheetml_grids(path, options.sheet, include_hidden=options.include_hidden)
    if container == "vcard":
        from crmcli.importers.readers.vcard import vcard_grid

        return [vcard_grid(path, options.encoding)]
    from crmcli.importers.readers.text import text_grid

    return [text_grid(path, options.encoding, is_known)]
