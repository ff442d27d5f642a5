from __future__ import annotations

from array import array

import pytest

from crmcli.i18n import msg
from crmcli.importers.readers.failures import FileHostile, FileLimit, SheetMissing
from crmcli.importers.readers.handover import failure_bytes, request_bytes, request_of, sheets_bytes, sheets_of
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.sheet import Column, OddRow, Sheet


def test_a_sheet_comes_back_as_it_was() -> None:
    column = Column("客户", 1, ["甲", ""], array("I", [0, 1, 0]))
    sheet = Sheet(
        "f", "0" * 64, "xlsx", None, "s", 1, [column], array("I", [2, 3, 5]), [OddRow(4, "row.total", ["合计"])], [],
        [msg("{count} rows", count=3)], None,
    )  # fmt: skip
    assert sheets_of(sheets_bytes([sheet])) == [sheet]


def test_a_request_comes_back_as_it_was() -> None:
    options = ReadOptions(encoding="big5", known_headers=frozenset({"b", "a"}), limit=5)
    assert request_of(request_bytes("x.csv", options, second=True)) == ("x.csv", options, True)


@pytest.mark.parametrize(
    "failure",
    [FileHostile("f", msg("it has {count} parts", count=4)), FileLimit("f", msg("x")), SheetMissing("f", "s", "a, b")],
)
def test_a_failure_comes_back_as_it_was(failure: FileHostile) -> None:
    with pytest.raises(type(failure)) as caught:
        sheets_of(failure_bytes(failure))
    assert (str(caught.value), str(caught.value.hint)) == (str(failure), str(failure.hint))
