"""Which files the paths on a command line mean."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from crmcli.errors import CrmError
from crmcli.i18n import msg

_OURS = ("rejects-R", "crm.db", "crm.toml")
_NO_SOURCES = (".py", ".md", ".toml", ".json", ".lock", ".sh")


class NothingFound(CrmError):
    """A path or pattern on the command line matches no file."""

    code = "file.missing"

    def __init__(self, pattern: str) -> None:
        super().__init__(msg("there is no such file"), where=pattern, hint=msg("check the name and the folder"))


def find_files(paths: Sequence[str]) -> Iterator[tuple[Path, bool]]:
    """Yield (file, whether it was named itself) once each, folders and patterns in name order.

    Raises:
        NothingFound: a path or pattern means no file.
    """
    seen: set[Path] = set()
    for text in paths:
        path = Path(text)
        named = not (path.is_dir() or (not path.exists() and glob.has_magic(text)))
        found = [path] if named else _inside(path, text)
        if not found or (named and not path.exists()):
            raise NothingFound(text)
        for file in found:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file, named


def _inside(path: Path, pattern: str) -> list[Path]:
    names = path.iterdir() if path.is_dir() else (Path(name) for name in glob.glob(pattern, recursive=True))  # noqa: PTH207
    return sorted(file for file in names if file.is_file() and not _is_no_source(file))


def _is_no_source(file: Path) -> bool:
    """Return whether a file of a folder is no source: hidden, a lock of Excel's, or made by crmcli itself."""
    return file.name.startswith((*_OURS, ".", "~$")) or file.suffix.lower() in _NO_SOURCES
