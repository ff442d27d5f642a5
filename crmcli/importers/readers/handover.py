"""Sheets and failures between the child process and its parent: JSON, nothing that can run."""

from __future__ import annotations

from typing import Any

from crmcli.i18n import Message
from crmcli.importers.readers.failures import BY_CODE, FileNotReadable
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.readers.spool import BlockWriter, Place, Spool, StoredBlocks
from crmcli.importers.sheet import Sheet, SheetColumn


def request_bytes(path: str, options: ReadOptions, *, second: bool) -> bytes:
    """Return what the parent asks: the file, the options, whether the second engine shall read it."""
    import orjson

    return orjson.dumps({"path": path, "options": options, "second": second}, default=sorted)


def request_of(content: bytes) -> tuple[str, ReadOptions, bool]:
    """Return (path, options, second engine) from `request_bytes`."""
    import orjson

    asked = orjson.loads(content)
    options = asked["options"]
    for key in ("known_headers", "identifying_headers"):
        options[key] = frozenset(options[key])
    return asked["path"], ReadOptions(**options), asked["second"]


def sheets_bytes(sheets: list[Sheet]) -> bytes:
    """Return the child's answer: the sheets, and for each where a BlockWriter has put its blocks."""
    import orjson

    return orjson.dumps({"sheets": [_sheet_out(sheet) for sheet in sheets]}, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def failure_bytes(failure: FileNotReadable) -> bytes:
    """Return the child's answer where the file cannot be read."""
    import orjson

    return orjson.dumps({"failure": failure.code, "facts": failure.facts})


def sheets_of(content: bytes, spool: Spool, base: int = 0) -> list[Sheet]:
    """Return the sheets of an answer; their blocks stand in `spool`, each `base` bytes further than the answer says.

    Raises:
        FileNotReadable: the answer says why there are none.
    """
    import orjson

    answer = orjson.loads(content)
    if "failure" in answer:
        facts = {key: _message_in(value) for key, value in answer["facts"].items()}
        raise BY_CODE[answer["failure"]](**facts)
    return [_sheet_in(sheet, spool, base) for sheet in answer["sheets"]]


def _sheet_out(sheet: Sheet) -> dict[str, Any]:
    fields = {name: getattr(sheet, name) for name in Sheet.__slots__}
    fields["columns"] = [(c.header, c.position, c.sample, c.filled) for c in sheet.columns]
    fields["notes"] = [_message_out(note) for note in sheet.notes]
    fields["left_out"] = sheet.left_out and _message_out(sheet.left_out)
    fields["stored"] = [tuple(p) for p in sheet.stored.places] if isinstance(sheet.stored, BlockWriter) else []
    return fields


def _sheet_in(fields: dict[str, Any], spool: Spool, base: int) -> Sheet:
    fields["columns"] = [SheetColumn(*column) for column in fields["columns"]]
    fields["notes"] = [_message_in(note) for note in fields["notes"]]
    fields["left_out"] = _message_in(fields["left_out"])
    places = [Place(start + base, json, length) for start, json, length in fields["stored"]]
    fields["stored"] = StoredBlocks(spool, places)
    return Sheet(**fields)


def _message_out(message: Message) -> dict[str, Any]:
    return {"text": message.text, "args": message.args}


def _message_in(value: Any) -> Any:
    return Message(value["text"], value["args"]) if isinstance(value, dict) else value
