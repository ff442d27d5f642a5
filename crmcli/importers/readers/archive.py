"""A zip archive of tables: its members, one by one."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import IO

from crmcli.importers.readers.failures import FileDamaged
from crmcli.importers.readers.zip_check import check_zip

_UTF8_NAME = 0x800
_NO_FILES = ("__MACOSX/",)


def extracted(path: Path, password: str | None, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (name, a copy in `folder` until the next is asked for) of the files in an archive, in its order.

    Raises:
        FileHostile, FileEncrypted, WrongPassword, FileDamaged: what the look before opening found.
    """
    check_zip(path, (), password)
    with zipfile.ZipFile(path) as archive:
        if password:
            archive.setpassword(password.encode())
        for entry in archive.infolist():
            name = member_name(entry)
            if entry.is_dir() or _is_no_file(name):
                continue
            with NamedTemporaryFile(dir=folder, delete=False) as copy:
                _copy(path, archive, entry, copy)
            try:
                yield name, Path(copy.name)
            finally:
                Path(copy.name).unlink(missing_ok=True)


def member_name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name; one that Chinese Windows wrote is GBK, whatever the format says."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _is_no_file(name: str) -> bool:
    return name.startswith(_NO_FILES) or PurePosixPath(name).name.startswith((".", "~$"))


def _copy(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, copy: IO[bytes]) -> None:
    try:
        with archive.open(entry) as stream:
            shutil.copyfileobj(stream, copy)
    except (zipfile.BadZipFile, RuntimeError, EOFError) as error:
        raise FileDamaged(str(path), f"ZIP: {error}") from None
