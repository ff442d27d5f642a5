from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("in_a_child")

CUSTOMERS = ("客户编号,客户名称,公司电话,金额", "1,甲公司,021-62345678,100", "2,乙公司,,", "合计,,,100")


def test_the_document_of_an_import(crm: Any) -> None:
    crm.write("a.csv", *CUSTOMERS)
    document = crm("import", "a.csv", "--json").json
    assert document["run"] == "R1"
    assert document["dry_run"] is False
    assert document["rejects"] is None
    (sheet,) = document["sheets"]
    assert sheet["read"] == sum(sheet[key] for key in ("new", "updated", "same", "skipped", "rejected", "review")) == 3
    assert {key: sheet[key] for key in ("file", "sheet", "kind", "preset", "encoding", "header_row", "left_out")} == {
        "file": "a.csv", "sheet": "", "kind": "opportunity", "preset": None, "encoding": "utf-8", "header_row": 1,
        "left_out": None,
    }  # fmt: skip
    assert sheet["columns"][3] == {"header": "金额", "field": "opportunity.amount", "confidence": 0.95}
    assert sheet["sums"] == {
        "opportunity.amount": {
            "source": "100.00", "stored": "100.00", "skipped": "100.00", "rejected": "0.00", "review": "0.00"
        }
    }  # fmt: skip
    assert sheet["records"] == {"opportunity": 1, "customer": 2}
    assert (sheet["listed"], sheet["alternates"]) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("good.csv",), 0),
        (("bad cell.csv",), 3),
        (("rejected.csv",), 3),
        (("nowhere.csv",), 1),
        (("good.csv", "--on-match", "merge"), 2),
        (("good.csv", "--kind", "firm"), 2),
        (("good.csv", "--map", "客户名称"), 2),
        (("good.csv", "--map", "客户名称=customer.nmae"), 1),
        (("good.csv", "--preset", "nothing"), 1),
        (("good.csv", "--password-env", "NO_SUCH_VARIABLE"), 2),
    ],
)
def test_exit_codes(crm: Any, arguments: tuple[str, ...], code: int) -> None:
    crm.write("good.csv", "客户编号,客户名称", "1,甲公司")
    crm.write("bad cell.csv", "客户编号,客户名称,公司电话", "1,甲公司,12")
    crm.write("rejected.csv", "客户编号,客户名称,行业,客户级别", ",,电子,A")
    crm("import", "good.csv")
    assert crm("import", *arguments, code=None).exit_code == code


def test_a_dry_run_tells_the_truth_and_writes_nothing(crm: Any) -> None:
    crm.write("a.csv", *CUSTOMERS, ",,,7")
    before = crm.db.read_bytes()
    planned = crm("import", "a.csv", "--dry-run", "--json", code=3).json
    assert (planned["run"], planned["dry_run"], planned["rejects"]) == (None, True, None)
    assert crm.db.read_bytes() == before
    assert not list(crm.folder.glob("rejects*"))
    done = crm("import", "a.csv", "--json", code=3).json
    assert done["sheets"] == planned["sheets"]
    assert done["run"] == "R1"


def test_what_people_read(crm: Any) -> None:
    crm.write("a.csv", *CUSTOMERS, ",,,7")
    out = crm("import", "a.csv", code=3).stdout
    assert "sum of Amount: in the file 100.00, stored 100.00 (beside it: skipped 100.00, rejected 7.00)" in out
    assert "rejects-R1.xlsx" in out
    assert "crmcli undo R1" in out
    assert "read = new + updated + same + skipped + rejected + for review" in out
    assert "dry run" in crm("import", "a.csv", "--dry-run", code=3).stdout


def test_undo_of_an_import_leaves_an_empty_database(crm: Any, dump: Any) -> None:
    empty = dump(crm.db)
    crm.write("a.csv", *CUSTOMERS)
    crm("import", "a.csv")
    crm("undo", "R1")
    assert dump(crm.db) == empty
    assert crm("import", "a.csv", "--json").json["sheets"][0]["new"] == 2


def test_a_file_left_out_stands_among_the_sheets(crm: Any) -> None:
    (crm.folder / "in").mkdir()
    crm.write("in/a.csv", "客户编号,客户名称", "1,甲公司")
    (crm.folder / "in" / "b.csv").write_bytes(b"")
    document = crm("import", "in", "--json", code=3).json
    assert [(Path(s["file"]).name, s["read"], s["left_out"]) for s in document["sheets"]] == [
        ("a.csv", 1, None), ("b.csv", 0, "the file is empty")
    ]  # fmt: skip
    assert "not read: " in crm("import", "in", code=3).stdout
    crm("import", "in/a.csv", "in/b.csv", code=1)
    crm("import", "in/a.csv", "in/b.csv", "--keep-going", code=3)


def _encrypted(path: Path) -> None:
    names = ["EncryptionInfo", "EncryptedPackage"]
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "".join(names).encode("utf-16-le") + bytes(600))


def _bad_inputs(folder: Path) -> dict[str, str]:
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "zero.csv").write_bytes(b"")
    (folder / "blank.csv").write_text("\n\n \n", encoding="utf-8")
    (folder / "pdf.xlsx").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    _encrypted(folder / "locked.xlsx")
    (folder / "header.csv").write_text("客户编号,客户名称\n", encoding="utf-8")
    (folder / "unknown.csv").write_text("甲,乙,丙\n1,2,3\n4,5,6\n", encoding="utf-8")
    (folder / "folder.csv").mkdir()
    (folder / "cut.xlsx").write_bytes(b"PK\x03\x04" + bytes(50))
    with sqlite3.connect(folder / "other.db") as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    return {
        "empty.xlsx": "empty", "zero.csv": "empty", "blank.csv": "empty", "pdf.xlsx": "PDF",
        "locked.xlsx": "encrypted", "header.csv": "no rows", "unknown.csv": "no column identifies",
        "folder.csv": "no such file", "cut.xlsx": "damaged", "other.db": "SQLite",
    }  # fmt: skip


def test_bad_input_is_one_line_with_a_hint_and_writes_nothing(crm: Any) -> None:
    before = crm.db.read_bytes()
    for name, cause in _bad_inputs(crm.folder).items():
        result = crm("import", name, code=1)
        first = result.stderr.strip().splitlines()[0]
        assert cause in first, (name, result.stderr)
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        error = crm("import", name, "--json", code=1).json["error"]
        assert error["hint"], name
        assert crm.db.read_bytes() == before
    (crm.folder / "crm.toml").write_text("[workspace]\nlanguge = 'zh'\n", encoding="utf-8")
    crm.write("good.csv", "客户编号,客户名称", "1,甲公司")
    assert "2" in crm("import", "good.csv", code=1).stderr
    assert crm.db.read_bytes() == before


def test_inspect_needs_no_workspace_and_says_why(bare_crm: Any) -> None:
    bare_crm.write("a.csv", *CUSTOMERS)
    document = bare_crm("inspect", "a.csv", "--json").json
    (sheet,) = document["sheets"]
    assert (sheet["kind"], sheet["container"], sheet["encoding"], sheet["header_row"], sheet["rows"]) == (
        "opportunity", "text", "utf-8", 1, 2
    )  # fmt: skip
    assert sheet["skipped"] == [{"row": 4, "code": "row.total"}]
    assert [column["field"] for column in sheet["columns"]] == [
        "customer.external_id", "customer.name", "customer.phones", "opportunity.amount"
    ]  # fmt: skip
    assert [column["sum"] for column in sheet["columns"]] == [None, None, None, "100.00"]
    assert document["unread"] == []
    shown = bare_crm("inspect", "a.csv").stdout
    assert "header in row 1" in shown
    assert "a known heading" in shown


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("甲,乙,丙", "1,2,3", "4,5,6"), "no column identifies a record"),
        (("客户编号,客户名称",), "no rows"),
        (("客户名称,客户名称,行业", "甲,乙,丙"), "two columns are called 客户名称"),
    ],
)
def test_inspect_exits_3_where_something_needs_attention(bare_crm: Any, lines: tuple[str, ...], why: str) -> None:
    bare_crm.write("a.csv", *lines)
    result = bare_crm("inspect", "a.csv", "--json", code=3)
    assert why in result.json["sheets"][0]["left_out"]
    assert result.json["sheets"][0]["columns"][0]["header"] == lines[0].split(",")[0]
    assert why in bare_crm("inspect", "a.csv", code=3).stdout


def test_inspect_exits_1_only_where_bytes_cannot_be_read(bare_crm: Any) -> None:
    bad = _bad_inputs(bare_crm.folder)
    for name in ("pdf.xlsx", "locked.xlsx", "cut.xlsx", "other.db", "zero.csv"):
        assert bad[name] in bare_crm("inspect", name, code=1).stderr
    bare_crm.write("good.csv", "客户编号,客户名称", "1,甲公司")
    document = bare_crm("inspect", "good.csv", "pdf.xlsx", "--json", code=1).json
    assert [sheet["file"] for sheet in document["sheets"]] == ["good.csv"]
    assert [(unread["file"], unread["code"]) for unread in document["unread"]] == [("pdf.xlsx", "file.not_a_table")]


def test_inspect_uses_the_presets_of_the_settings_here(crm: Any) -> None:
    text = (crm.folder / "crm.toml").read_text(encoding="utf-8")
    fields = '{ "工单流水" = "opportunity.external_id", "甲方" = "customer.name" }'
    preset = f'[[preset]]\nname = "老系统"\nheaders = ["工单流水", "甲方"]\nmap = {fields}\n'
    (crm.folder / "crm.toml").write_text(f"{text}\n{preset}", encoding="utf-8")
    crm.write("a.csv", "工单流水,甲方", "1,甲公司")
    assert crm("inspect", "a.csv", "--json").json["sheets"][0]["preset"] == "老系统"
    assert crm("import", "a.csv", "--json").json["sheets"][0]["source"] == "老系统"


def test_modes_of_single_columns(crm: Any) -> None:
    heads = "客户编号,客户名称,行业,客户级别,公司电话"
    crm.write("a.csv", heads, "1,甲公司,电子制造,A级,021-62345678")
    crm.write("b.csv", heads, "1,甲公司,化工,B,13800000000")
    crm("import", "a.csv")
    crm("import", "b.csv", "--on-match", "fill", "--on-match", "行业=overwrite", "--on-match", "level=skip", code=3)
    (customer,) = crm("customer", "list", "--json").json
    assert (customer["industry"], customer["level"], len(customer["phones"])) == ("化工", "A级", 2)


def test_a_mode_for_a_column_that_is_not_there_is_refused(crm: Any) -> None:
    crm.write("a.csv", "客户编号,客户名称", "1,甲公司")
    refused = crm("import", "a.csv", "--on-match", "行业x=skip", "--json", code=1).json
    assert refused["error"]["code"] == "mapping.unknown_header"
    crm("import", "a.csv", "--on-match", "=skip", code=2)
    crm("import", "a.csv", "--on-match", "客户名称=merge", code=2)
