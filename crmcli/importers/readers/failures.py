"""Why a file cannot be read: one class a cause, each with what to do next."""

from __future__ import annotations

from typing import Any

from crmcli.errors import CrmError
from crmcli.i18n import Message, msg


class FileNotReadable(CrmError):
    """A file that gives no table. `facts` are the arguments it was built from, to send it between processes."""

    code = "file"

    def __init__(self, file: str, message: Message, hint: Message, **facts: Any) -> None:
        super().__init__(message, where=file, hint=hint)
        self.facts: dict[str, Any] = {"file": file, **facts}


class FileMissing(FileNotReadable):
    """There is no such file, or this user may not open it."""

    code = "file.missing"

    def __init__(self, file: str, reason: str = "") -> None:
        message = msg("the file cannot be opened ({reason})", reason=reason) if reason else msg("no such file")
        super().__init__(file, message, msg("Check the path and the permission."), reason=reason)


class FileIsFolder(FileNotReadable):
    """A folder stands where a file was expected."""

    code = "file.is_folder"

    def __init__(self, file: str) -> None:
        super().__init__(file, msg("this is a folder, not a file"), msg("Name the files in it."))


class FileEmpty(FileNotReadable):
    """The file holds no bytes, or nothing but blanks."""

    code = "file.empty"

    def __init__(self, file: str) -> None:
        super().__init__(file, msg("the file is empty"), msg("Export or save it again."))


class FileNameGarbled(FileNotReadable):
    """The file's name is no text (GBK bytes out of a zip, say): it could not be kept as a source."""

    code = "file.name"

    def __init__(self, file: str) -> None:
        shown = file.encode("utf-8", "replace").decode()
        super().__init__(shown, msg("the file's name cannot be read as text"), msg("Rename it and try again."))


class FileEncrypted(FileNotReadable):
    """The workbook is protected by a password."""

    code = "file.encrypted"

    def __init__(self, file: str) -> None:
        hint = msg("Open it in Excel or WPS, remove the password, save it and try again.")
        super().__init__(file, msg("the file is encrypted (it asks for a password)"), hint)


class FileDamaged(FileNotReadable):
    """The container is what it says, but no engine can read it. `detail` is the engines' own words."""

    code = "file.damaged"

    def __init__(self, file: str, detail: str) -> None:
        hint = msg("Open it in Excel or WPS and save it as a new .xlsx, or export it again.")
        super().__init__(file, msg("the file is damaged ({detail})", detail=detail), hint, detail=detail)


class FileNotATable(FileNotReadable):
    """The bytes are something else than a table. `kind` is a proper name such as PDF."""

    code = "file.not_a_table"

    def __init__(self, file: str, kind: str) -> None:
        hint = msg("Give a table: xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt or an html table.")
        super().__init__(file, msg("this is no table but {kind}", kind=kind), hint, kind=kind)


class FileHostile(FileNotReadable):
    """The file is built to harm whoever opens it."""

    code = "file.hostile"

    def __init__(self, file: str, reason: Message) -> None:
        hint = msg("Ask where it comes from; save it again from Excel or WPS if you trust it.")
        super().__init__(file, msg("the file is not safe to open: {reason}", reason=reason), hint, reason=reason)


class FileLimit(FileNotReadable):
    """Reading reached a limit of memory or time."""

    code = "file.limit"

    def __init__(self, file: str, reason: Message) -> None:
        hint = msg("Split the file, delete unused rows and columns, or save it as csv.")
        super().__init__(file, msg("a limit was reached: {reason}", reason=reason), hint, reason=reason)


class FileEncoding(FileNotReadable):
    """The text is in no encoding that could be found, or not in the one that was given."""

    code = "file.encoding"

    def __init__(self, file: str, encoding: str = "") -> None:
        known = msg("the text is not {encoding}", encoding=encoding)
        unknown = msg("the text's encoding could not be recognised")
        hint = msg("Name it with --encoding (gb18030, big5, utf-8, utf-16 ...), or save it as UTF-8.")
        super().__init__(file, known if encoding else unknown, hint, encoding=encoding)


class SheetMissing(FileNotReadable):
    """The workbook has no sheet of the name that was asked for."""

    code = "file.no_sheet"

    def __init__(self, file: str, sheet: str, sheets: str) -> None:
        message = msg("there is no sheet {sheet}", sheet=sheet)
        super().__init__(file, message, msg("Its sheets: {sheets}", sheets=sheets), sheet=sheet, sheets=sheets)


_CLASSES: tuple[type[FileNotReadable], ...] = (
    FileMissing, FileIsFolder, FileEmpty, FileEncrypted, FileDamaged, FileNotATable, FileHostile, FileLimit,
    FileEncoding, SheetMissing,
)  # fmt: skip
BY_CODE: dict[str, type[FileNotReadable]] = {failure.code: failure for failure in _CLASSES}
