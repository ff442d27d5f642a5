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
    """The file is protected by a password, and none was given."""

    code = "file.encrypted"

    def __init__(self, file: str) -> None:
        hint = msg("Put the password into an environment variable and name that: --password-env VAR.")
        super().__init__(file, msg("the file is encrypted (it asks for a password)"), hint)


class WrongPassword(FileNotReadable):
    """The password that was given does not open the file."""

    code = "file.password"

    def __init__(self, file: str) -> None:
        hint = msg("Check the variable that --password-env names: a space or a line end too many, capitals.")
        super().__init__(file, msg("the file is encrypted, and the password does not open it"), hint)


class UnknownEncryption(FileNotReadable):
    """The file is encrypted in a way that cannot be undone here. `method` is the engine's own word for it."""

    code = "file.encryption"

    def __init__(self, file: str, method: str) -> None:
        hint = msg("Save or pack it again without a password (Excel, WPS, LibreOffice, 7-Zip) and try again.")
        message = msg("the file is encrypted in a way that crmcli does not know ({method})", method=method)
        super().__init__(file, message, hint, method=method)


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
        hint = msg(
            "Give a table: xlsx, xlsm, xls, xlsb, ods, et, csv, tsv, txt, html, xml, vcf, or a zip or gz of these."
        )
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


class NoRoom(FileNotReadable):
    """The temporary folder does not take the rows while they are read."""

    code = "file.no_room"

    def __init__(self, file: str, folder: str, reason: str) -> None:
        message = msg("its rows find no room in the temporary folder {folder} ({reason})", folder=folder, reason=reason)
        hint = msg("Free some space there, or name another folder in the variable TMPDIR.")
        super().__init__(file, message, hint, folder=folder, reason=reason)


class FileEncoding(FileNotReadable):
    """The text is in no encoding that could be found, or not in the one that was given."""

    code = "file.encoding"

    def __init__(self, file: str, encoding: str = "", line: int = 0) -> None:
        known = msg("the text is not {encoding}", encoding=encoding)
        at_line = msg("line {line} is not {encoding}", line=line, encoding=encoding)
        unknown = msg("the text's encoding could not be recognised")
        hint = msg("Name it with --encoding (gb18030, big5, utf-8, utf-16 ...), or save it as UTF-8.")
        message = at_line if line else known if encoding else unknown
        super().__init__(file, message, hint, encoding=encoding, line=line)


class FileMixedEncoding(FileNotReadable):
    """Most lines are in one encoding and some in another, as when files were put together."""

    code = "file.mixed_encoding"

    def __init__(self, file: str, encoding: str, line: int) -> None:
        message = msg("line {line} is not {encoding} as other lines are", line=line, encoding=encoding)
        hint = msg("Repair it, or name --encoding {encoding}: lines in another are then rejected.", encoding=encoding)
        super().__init__(file, message, hint, encoding=encoding, line=line)


class SheetMissing(FileNotReadable):
    """The workbook has no sheet of the name that was asked for."""

    code = "file.no_sheet"

    def __init__(self, file: str, sheet: str, sheets: str) -> None:
        message = msg("there is no sheet {sheet}", sheet=sheet)
        super().__init__(file, message, msg("Its sheets: {sheets}", sheets=sheets), sheet=sheet, sheets=sheets)


_CLASSES: tuple[type[FileNotReadable], ...] = (
    FileMissing, FileIsFolder, FileEmpty, FileEncrypted, WrongPassword, UnknownEncryption, FileDamaged, FileNotATable,
    FileHostile, FileLimit, FileEncoding, FileMixedEncoding, SheetMissing,
)  # fmt: skip
BY_CODE: dict[str, type[FileNotReadable]] = {failure.code: failure for failure in _CLASSES}
