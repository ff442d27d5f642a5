from __future__ import annotations

from typing import Any

import pytest

HEADERS = "商机编号,客户名称,商机名称,金额,阶段,负责人"
FIRST = (HEADERS, "1,甲公司,年框,100,初步接触,张伟", "2,乙公司,设备,200,方案报价,王芳")
SECOND = (HEADERS, "1,甲公司,年框,120,需求确认,张伟")


@pytest.fixture
def files(crm: Any) -> list[str]:
    """Return two weekly versions; the second has lost a deal."""
    return [crm.write("商机表_0301.csv", *FIRST), crm.write("商机表_0308.csv", *SECOND)]


def test_the_document_of_a_series(crm: Any, files: list[str]) -> None:
    document = crm("series", *files, "--year", "2026", "--json", code=3).json
    assert (document["run"], document["dry_run"]) == ("R1", False)
    first, second = document["versions"]
    assert [first[key] for key in ("file", "sheet", "date", "read", "new")] == [
        "商机表_0301.csv",
        "",
        "2026-03-01",
        2,
        2,
    ]
    assert second["updated"] == second["read"] == 1
    assert document["events"] == {"stage": 3, "amount": 1, "owner": 0, "expected_close": 0}
    assert document["disappeared"] == [
        {"opportunity": "O2", "external_id": "2", "name": "设备", "customer": "乙公司", "stage": "方案报价",
         "last_seen": "2026-03-01"}
    ]  # fmt: skip
    assert document["listed"] == 1


def test_what_people_read(crm: Any, files: list[str]) -> None:
    shown = crm("series", *files, "--year", "2026", code=3).stdout
    assert "events written: Stage 3, Amount 1" in shown
    assert "1 open opportunities are not in the newest version" in shown
    assert "between 2026-03-01 and 2026-03-08" in crm("opp", "show", "1").stdout
    assert "2026-03-01 or before" in crm("opp", "show", "2").stdout


def test_a_dry_run_leaves_no_run(crm: Any, files: list[str]) -> None:
    assert crm("series", *files, "--year", "2026", "--dry-run", "--json", code=3).json["run"] is None
    assert crm("runs", "--json").json == []


def test_nothing_to_look_at_is_exit_0_and_undo_takes_all_back(crm: Any, files: list[str]) -> None:
    crm("series", files[1], "--year", "2026", code=0)
    assert crm("undo", "R1", "--json", code=0).json["kept"] == []
    assert crm("opp", "list", "--json").json == []


def test_the_workbooks_for_people_are_named(crm: Any, files: list[str]) -> None:
    more = crm.write("商机表_0315.csv", HEADERS, "1,甲公司,年框,120,搁浅,张伟", ",,,50,商务谈判,张伟")
    shown = crm("series", *files, more, "--year", "2026", "--rejects", "坏行.xlsx", code=3).stdout
    assert "bring them back with: crmcli series 坏行.xlsx" in shown
    assert "nobody knows: " in shown
    document = crm("series", "坏行.xlsx", "--json", code=3).json
    assert (document["versions"][0]["date"], document["rejects"]) == ("2026-03-15", str(crm.folder / "rejects-R2.xlsx"))
    assert (document["conflicts"], document["words"]) == (None, None)
    assert "crmcli series" in crm("import", "坏行.xlsx", code=1).stderr


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        ((), "say the year of the first version", 1),
        (("--year", "2026", "--dates", "title"), "nothing says which day", 1),
        (("--dates", "商机表_0301.csv=gestern"), "0301.xlsx=2026-03-01", 2),
        (("--dates", "商机表_0301.csv=2026-03-08", "--year", "2026"), "two versions are of 2026-03-08", 1),
    ],
)
def test_what_is_not_known_is_asked(
    crm: Any, files: list[str], arguments: tuple[str, ...], said: str, code: int
) -> None:
    assert said in crm("series", *files, *arguments, code=code).stderr


def test_the_reports_work_on_what_the_versions_tell(crm: Any, files: list[str]) -> None:
    more = crm.write("商机表_0315.csv", HEADERS, "1,甲公司,年框,120,赢单,张伟", "3,丙公司,服务,50,商务谈判,张伟")
    crm("series", *files, more, "--year", "2026", code=3)
    funnel = crm("report", "funnel", "--as-of", "2026-03-31", "--json").json
    reached, unknown = ([row[place] for row in funnel["tables"][0]["rows"]] for place in _places(funnel))
    assert reached == [3, 3, 3, 2, 1]
    assert unknown == [3, 2, 3, 1, 0]  # what came before the first version, or between two
    assert all(check["ok"] for check in funnel["checks"])
    note = next(note for note in funnel["notes"] if note["code"] == "inferred_dates")
    assert note["text"].startswith("4 dates are inferred")
    winrate = crm("report", "winrate", "--as-of", "2026-03-31", "--json").json
    assert [note["text"][:21] for note in winrate["notes"] if note["code"] == "inferred_dates"] == [
        "1 dates are inferred:"
    ]
    then = crm("report", "pipeline", "--as-of", "2026-03-10", "--json").json["tables"][0]
    assert {row[0]: row[1] for row in then["rows"] if row[1]} == {"需求确认": 1, "方案报价": 1}


def _places(report: dict[str, Any]) -> list[int]:
    keys = [column["key"] for column in report["tables"][0]["columns"]]
    return [keys.index("reached"), keys.index("entry_unknown")]
