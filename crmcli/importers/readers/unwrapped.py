"""What stands inside an encryption, a compression or a web archive: the files that can be read as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crmcli.i18n import Message, msg
from crmcli.importers.readers.container import WRAPPERS, container_of
from crmcli.importers.readers.failures import FileEmpty, FileNotATable, FileNotReadable
from crmcli.importers.readers.grid import Grid, left_out
from crmcli.importers.readers.sheet_choice import ANOTHER, sheet_of

_MAX_DEPTH = 3  # an encrypted workbook in a zip, in a gz: deeper means harm, or should be unpacked by hand


@dataclass(frozen=True, slots=True)
class Part:
    """One file that can be read. `name` is its name inside an archive, "" for the file itself.

    `container` is "" where it is no table, and `failure` says what it is.
    """

    path: Path
    container: str = ""
    name: str = ""
    notes: tuple[Message, ...] = ()
    failure: FileNotReadable | None = None

    def shown(self, file: Path) -> str:
        """Return what a person calls it; `file` is the file on disk."""
        return f"{file} [{self.name}]" if self.name else str(file)

    def named(self, grids: Iterable[Grid], wanted: str | None) -> Iterator[Grid]:
        """Yield the grids under the names that they have in the file, those not wanted without their rows."""
        for grid in grids:
            own, grid.name = grid.name, "/".join(filter(None, (self.name, grid.name)))
            grid.notes[:0] = self.notes
            unwanted = wanted and grid.name and not {wanted, sheet_of(wanted)} & {own, grid.name, self.name}
            yield left_out(grid.name, ANOTHER) if unwanted else grid

    def wanted(self, name: str | None) -> str | None:
        """Return the sheet wanted in this part, None where all are; `name` is what a person asked for."""
        if name is None or not self.name:
            return name
        return None if self.name in (name, sheet_of(name)) else name.removeprefix(f"{self.name}/")


def parts_of(path: Path, password: str | None, folder: Path) -> Iterator[Part]:
    """Yield what a file holds: itself, or the files in it, laid out in `folder` until the next is asked for.

    Raises:
        FileNotReadable: why there is nothing to read.
    """
    try:
        yield from _opened(Part(path), password, folder, 0)
    except FileNotReadable as failure:
        raise failure if failure.where.startswith(str(path)) else renamed(failure, str(path)) from None


def renamed(failure: FileNotReadable, file: str) -> FileNotReadable:
    """Return the same failure, said of another file: the one that a person knows."""
    return type(failure)(**{**failure.facts, "file": file})


def _opened(part: Part, password: str | None, folder: Path, depth: int) -> Iterator[Part]:
    container = container_of(part.path)
    if container not in WRAPPERS:
        yield replace(part, container=container)
    elif depth == _MAX_DEPTH:
        raise FileNotATable(str(part.path), container)
    elif container in ("zip", "mhtml"):
        yield from _members(part, container, password, folder, depth)
    else:
        inner = _inner(part, container, password, folder)
        try:
            yield from _opened(inner, password, folder, depth + 1)
        finally:
            inner.path.unlink(missing_ok=True)


def _members(part: Part, container: str, password: str | None, folder: Path, depth: int) -> Iterator[Part]:
    """Yield the members of an archive; one that is no table says so, and the others are read all the same.

    Raises:
        FileNotReadable: no member is a table, or one is a table that cannot be read.
    """
    from crmcli.importers.readers.archive import extracted
    from crmcli.importers.readers.web_archive import pages

    members = pages(part.path, folder) if container == "mhtml" else extracted(part.path, password, folder)
    odd: list[Part] = []
    tables = 0
    for name, path in members:
        member = Part(path, name="/".join(filter(None, (part.name, name))))
        try:
            for inner in _opened(member, password, folder, depth + 1):
                yield inner
                tables += 1
        except (FileNotATable, FileEmpty) as failure:
            odd.append(replace(member, failure=failure))
        except FileNotReadable as failure:
            raise renamed(failure, f"{part.path} [{member.name}]") from None
    if not tables:
        raise odd[0].failure if len(odd) == 1 and odd[0].failure else FileNotATable(str(part.path), container.upper())
    yield from odd


def _inner(part: Part, container: str, password: str | None, folder: Path) -> Part:
    """Return what stands inside an encryption or a compression."""
    if container in ("encrypted", "encrypted-ods"):
        from crmcli.importers.readers.encrypted import decrypted_office
        from crmcli.importers.readers.encrypted_ods import decrypted_ods

        decrypted = decrypted_office if container == "encrypted" else decrypted_ods
        note = msg("the file is encrypted; it was read with its password")
        return replace(part, path=decrypted(part.path, password, folder), notes=(*part.notes, note))
    from crmcli.importers.readers.compressed import inflated

    note = msg("read out of a {kind} compression", kind=container)
    return replace(part, path=inflated(part.path, container, folder), notes=(*part.notes, note))
