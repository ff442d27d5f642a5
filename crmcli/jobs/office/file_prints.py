"""The files behind attachments: what may be one, what it is, and how its path is kept."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from crmcli.domain.attachments import Print
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg


class NotAttachable(CrmError):
    """A path is no file that can be read. `is_there` tells whether something is, that cannot be read."""

    code = "attach.file"

    def __init__(self, file: Path, why: Message, *, is_there: bool = False, hint: Message | None = None) -> None:
        super().__init__(why, where=_as_text(str(file)), hint=hint)
        self.is_there = is_there


def check_file(file: Path) -> None:
    """Let a plain file pass.

    Raises:
        NotAttachable: it is not there, a link, a folder, no plain file, or its name is no text.
    """
    try:
        if file.is_symlink():
            raise NotAttachable(file, msg("it is a link"), hint=msg("name the file that it leads to"))
        if file.is_dir():
            raise NotAttachable(file, msg("it is a folder"), hint=msg("name the files in it"))
        if not file.exists():
            raise NotAttachable(file, msg("there is no such file"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NotAttachable(file, msg("it cannot be read ({reason})", reason=why), is_there=True) from error
    if not file.is_file():
        raise NotAttachable(file, msg("it is no plain file"))
    if _as_text(str(file)) != str(file):
        raise NotAttachable(file, msg("its name is no UTF-8"), hint=msg("rename it"))


def print_file(file: Path) -> Print:
    """Return what a file is now; it is read in blocks.

    Raises:
        NotAttachable: it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return Print(stream.tell(), digest)
    except OSError as error:
        why = msg("it cannot be read ({reason})", reason=error.strerror or str(error))
        raise NotAttachable(file, why, is_there=True) from error


def kept_path(file: Path, home: Path) -> str:
    """Return the path that is kept of a file: from the workspace `home` where it lies within, else from the root."""
    whole, within = file.resolve(), home.resolve()
    if whole.is_relative_to(within):
        return whole.relative_to(within).as_posix()
    return str(Path(os.path.abspath(file)))  # noqa: PTH100 (links on the way stay as they were given)


def stored_file(home: Path, path: str) -> Path:
    """Return the file of a kept path; a path from the root is its own."""
    return home / path


def _as_text(path: str) -> str:
    """Return a path that can be written: bytes that are no UTF-8 as escapes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
