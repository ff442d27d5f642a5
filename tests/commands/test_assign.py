from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SETTINGS = """
[[owner]]
name = "张伟"
region = "华东"
max_open = 1
[[owner]]
name = "王芳"
[[assign.rule]]
name = "华东"
when = { province = ["上海", "江苏"] }
to = { region = "华东" }
"""
KEYS = ["run", "considered", "assigned", "unassigned", "by_owner", "items"]


@pytest.fixture
def office(crm: Any) -> Any:
    (crm.folder / "crm.toml").write_text(SETTINGS, encoding="utf-8")
    head = "商机编号,商机名称,客户名称,省份,商机创建时间,负责人"
    rows = (
        "S1,年框,甲公司,上海市,2026-01-05,",
        "S2,二期,乙公司,江苏省,2026-01-06,",
        "S3,三期,丙公司,广东,2026-01-07,老王",
    )
    crm("import", crm.write("a.csv", head, *rows))
    return crm


def test_the_document_has_every_considered_deal(office: Any) -> None:
    told = office("assign", "run", "--json", code=3).json
    assert [key for key in told if key in KEYS] == KEYS
    assert [told[key] for key in KEYS[:5]] == ["R2", 2, 1, 1, {"张伟": 1}]
    first, second = told["items"]
    wanted = ("opportunity", "owner", "pool", "rule", "skipped")
    assert [first[key] for key in wanted] == ["O1", "张伟", None, "华东", []]
    full = [{"owner": "张伟", "why": "full: 1 of 1 open"}]
    assert [second[key] for key in wanted] == ["O2", None, "公海", "fallback", full]
    assert told["unknown_owners"] == ["老王"]


def test_a_dry_run_prints_a_row_a_deal_and_writes_nothing(office: Any) -> None:
    tried = office("assign", "run", "--dry-run", code=3)
    assert "rule 华东: it is 张伟's turn" in tried.stdout
    assert "2 considered, 1 assigned, 1 without an owner" in tried.stdout
    assert "老王 owns opportunities" in tried.stderr
    assert office("assign", "run", "--dry-run", "--json", code=3).json["run"] is None
    assert {deal["owner"] for deal in office("opp", "list", "--json").json} == {None, "老王"}


def test_all_assigned_exits_0_and_an_undo_takes_it_back(office: Any) -> None:
    settings = SETTINGS.replace("max_open = 1\n", "")
    (office.folder / "crm.toml").write_text(settings, encoding="utf-8")
    assert office("assign", "run", "--json").json["by_owner"] == {"张伟": 2}
    assert office("undo", "R2", "--json").json["kept"] == []
    assert [deal["owner"] for deal in office("opp", "list", "--json").json] == [None, None, "老王"]
    assert office("assign", "run", "--json").json["by_owner"] == {"张伟": 2}


def test_import_assign_and_the_imports_undo_leave_nothing(office: Any, dump: Any) -> None:
    office("assign", "run", code=3)
    office("undo", "R1")
    assert dump(office.db) == []


def test_a_persons_edit_in_between_is_kept_and_named(office: Any) -> None:
    office("assign", "run", code=3)
    office("opp", "set", "S1", "owner=王芳")
    kept = office("undo", "R1", "--json", code=3).json["kept"]
    assert ("O1", "") in {(one["record"], one["field"]) for one in kept}
    assert [(deal["id"], deal["owner"]) for deal in office("opp", "list", "--json").json] == [("O1", "王芳")]


def test_explain(office: Any) -> None:
    office("assign", "run", code=3)
    assert "公海 (fallback): no rule" in office("assign", "explain", "二期").stdout
    told = office("assign", "explain", "S1", "--json").json
    assert (told["owner"], told["rule"]) == ("张伟", "华东")


def test_as_of_another_day(office: Any) -> None:
    told = office("assign", "run", "--as-of", "2026-07-15T10:00", code=3)
    assert "1 assigned" in told.stdout
    assert office("assign", "explain", "O1", "--json").json["decided_at"] == "2026-07-15T10:00:00+08:00"


def test_settings_that_name_nobody_stop_it(office: Any) -> None:
    (office.folder / "crm.toml").write_text(
        SETTINGS.replace('region = "华东" }', 'region = "华西" }'), encoding="utf-8"
    )
    failed = office("assign", "run", "--json", code=1).json["error"]
    assert failed["where"].endswith("crm.toml:11")
    assert "华西" in failed["message"]


@pytest.mark.slow
def test_maven_by_product_to_a_region_by_weight(crm: Any, shared: Path, tmp_path: Path) -> None:
    maven = shared / "data" / "maven-crm"
    if not maven.is_dir():
        pytest.skip("needs ../shared/data/maven-crm")
    lines = (maven / "sales_pipeline.csv").read_text(encoding="utf-8").splitlines()
    blanked = [",".join([*cells[:1], "", *cells[2:]]) for cells in (line.split(",") for line in lines[1:])]
    (tmp_path / "sales_pipeline.csv").write_text("\n".join([lines[0], *blanked]) + "\n", encoding="utf-8")
    to_the_east = 'to = { region = "East" }\nstrategy = "weighted"\n'
    rules = [f'name = "GTX"\nwhen = {{ product = "GTX Pro" }}\n{to_the_east}', f'name = "rest"\n{to_the_east}']
    with (tmp_path / "crm.toml").open("a", encoding="utf-8") as file:
        file.writelines(f"\n[[assign.rule]]\n{rule}" for rule in rules)
    names = [str(maven / f"{name}.csv") for name in ("accounts", "products", "sales_teams")]
    crm("import", *names, "sales_pipeline.csv", "--quiet", code=3)
    first = crm("assign", "run", "--json", "--dry-run").json
    assert (first["considered"], first["unassigned"], len(first["by_owner"])) == (2089, 0, 12)
    assert {item["rule"] for item in first["items"]} == {"GTX", "rest", "sticky"}
    assert crm("assign", "run", "--json").json["items"] == first["items"]


def test_without_rules_it_says_where_to_write_them(office: Any) -> None:
    (office.folder / "crm.toml").write_text(SETTINGS.partition("[[assign.rule]]")[0], encoding="utf-8")
    told = office("assign", "run", "--dry-run", code=3)
    assert "[[assign.rule]]" in told.stderr
    assert "公海" in told.stderr


def test_people_read_no_keys(office: Any) -> None:
    settings = SETTINGS.replace('province = ["上海", "江苏"]', 'amount = ">= 500"')
    (office.folder / "crm.toml").write_text(settings, encoding="utf-8")
    told = office("assign", "run", "--lang", "zh", code=3).stdout
    assert "兜底" in told
    assert "商机金额未知" in told
    assert not {"fallback", "amount", "candidates"} & set(told.split())
    assert office("assign", "explain", "O1", "--json").json["rule"] == "fallback"
