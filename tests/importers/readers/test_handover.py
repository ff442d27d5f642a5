from __future__ import annotations

from dataclasses import replace

import pytest

from crmcli.i18n import msg
from crmcli.importers.readers.failures import FileHostile, FileLimit, SheetMissing
from crmcli.importers.readers.handover import failure_bytes, request_bytes, request_of, sheets_bytes, sheets_of
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.readers.spool import BlockWriter, Spool
from crmcli.importers.sheet import Sheet, SheetColumn
from crmcli.importers.tables.columns import sheet_of


def test_a_sheet_comes_back_as_it_was() -> None:
    column = SheetColumn("客户", 1, ["甲"], 2)
    sheet = Sheet("f", "0" * 64, "xlsx", None, "s", 1, [column], 3, 1, 0, [msg("{count} rows", count=3)], None)
    (back,) = sheets_of(sheets_bytes([sheet]), Spool())
    assert replace(back, stored=()) == sheet
    assert list(back.blocks()) == []


def test_its_blocks_are_found_where_they_were_put() -> None:
    made, spool = sheet_of(["客户"], [["甲"], ["乙"], ["甲"]], block_rows=2), Spool()
    writer = BlockWriter(spool.file)
    for block in made.blocks():
        writer.append(block)
    (back,) = sheets_of(sheets_bytes([replace(made, stored=writer)]), spool)
    assert list(back.blocks()) == list(made.blocks())


def test_a_request_comes_back_as_it_was() -> None:
    options = ReadOptions(encoding="big5", known_headers=frozenset({"b", "a"}), limit=5)
    assert request_of(request_bytes("x.csv", options, second=True)) == ("x.csv", options, True)


@pytest.mark.parametrize(
    "failure",
    [FileHostile("f", msg("it has {count} parts", count=4)), FileLimit("f", msg("x")), SheetMissing("f", "s", "a, b")],
)
def test_a_failure_comes_back_as_it_was(failure: FileHostile) -> None:
    with pytest.raises(type(failure)) as caught:
        sheets_of(failure_bytes(failure), Spool())
    assert (str(caught.value), str(caught.value.hint)) == (str(failure), str(failure.hint))
