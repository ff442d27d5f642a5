from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crmcli.jobs.dedupe.aliases import (
    AliasResult,
    NoAliases,
    UnknownAlias,
    export_aliases,
    import_aliases,
    list_aliases,
    meant_by,
    remove_alias,
    set_aliases,
)
from crmcli.jobs.dedupe.candidates import load_candidates
from crmcli.jobs.dedupe.merging import merge_customer
from crmcli.jobs.dedupe.pairs import findings_of, reason_in_words
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.journal.undo import undo_run
from crmcli.store.journal import open_run

BANK = "中国工商银行股份有限公司"


def _pairs(office: Any) -> list[tuple[str, str, str]]:
    return [(alias.short, alias.full, alias.learned) for alias in list_aliases(office.workspace)]


def _merge(office: Any, kind: str) -> None:
    with open_run(office.db, office.workspace.start(kind)) as run:
        merge_customer(run, 2, 1)


def test_a_short_name_means_the_last_full_name_given(office: Any) -> None:
    assert set_aliases(office.workspace, [("工行", "中国工商银行")]) == AliasResult("R1", 1, 0, 0, 0)
    assert set_aliases(office.workspace, [(" 工行", BANK), ("工行", BANK)]) == AliasResult("R2", 0, 1, 1, 0)
    assert _pairs(office) == [("工行", BANK, "")]


def test_an_alias_can_be_tried_taken_back_and_removed(office: Any) -> None:
    assert set_aliases(office.workspace, [("工行", BANK)], dry_run=True).run is None
    assert _pairs(office) == []
    set_aliases(office.workspace, [("工行", BANK)])
    remove_alias(office.workspace, "工行")
    assert _pairs(office) == []
    undo_run(office.workspace, "R2")
    assert _pairs(office) == [("工行", BANK, "")]
    undo_run(office.workspace, "R1")
    with pytest.raises(UnknownAlias):
        remove_alias(office.workspace, "工行")


@pytest.mark.parametrize("name", ["aliases.csv", "aliases.xlsx"])
def test_the_table_goes_out_and_comes_back(office: Any, tmp_path: Path, name: str) -> None:
    set_aliases(office.workspace, [("工行", BANK), ("建行", "中国建设银行")])
    assert export_aliases(office.workspace, tmp_path / name) == 2
    remove_alias(office.workspace, "建行")
    back = import_aliases(office.workspace, tmp_path / name)
    assert (back.new, back.changed, back.same) == (1, 0, 1)


def test_rows_that_say_nothing_are_skipped_and_other_files_refused(office: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"简称,全称\n工行,{BANK}\n农行,\n同一,同一\n", encoding="utf-8")
    assert import_aliases(office.workspace, path) == AliasResult("R1", 1, 0, 0, 2)
    path.write_text("客户,电话\n甲,1\n", encoding="utf-8")
    with pytest.raises(NoAliases):
        import_aliases(office.workspace, path)


def test_a_merge_that_a_person_confirmed_teaches_an_alias(three: Any) -> None:
    before = three.tables()
    _merge(three, "decide")
    assert _pairs(three) == [("鼎信贸易", "上海鼎信贸易有限公司", "R5")]
    undo_run(three.workspace, "R5")
    assert three.tables() == before


def test_a_merge_by_rule_and_one_of_two_full_names_teach_nothing(three: Any) -> None:
    _merge(three, "dedupe")
    assert _pairs(three) == []
    undo_run(three.workspace, "R5")
    three.set("customer", 1, name="鼎信贸易有限公司")
    _merge(three, "decide")
    assert _pairs(three) == []


def test_a_short_name_may_be_learned_for_two_and_a_person_settles_it(three: Any) -> None:
    set_aliases(three.workspace, [("鼎信贸易", "北京鼎信贸易有限公司")])
    _merge(three, "decide")
    assert meant_by(three.db, "鼎信贸易") == ["北京鼎信贸易有限公司", "上海鼎信贸易有限公司"]
    set_aliases(three.workspace, [("鼎信贸易", "上海鼎信贸易有限公司")])
    assert meant_by(three.db, "鼎信贸易") == ["上海鼎信贸易有限公司"]


def test_two_that_an_alias_joins_are_one_and_the_reason_says_so(office: Any) -> None:
    office.add("customer", {"name": "大蓝鲸"}, {"name": "上海雅苒贸易有限公司"})
    set_aliases(office.workspace, [("大蓝鲸", "上海雅苒贸易有限公司")])
    found = findings_of(load_candidates(office.db), [((1, 2), (1, 2))])[1, 2]
    assert found.tier == "auto"
    assert reason_in_words(found.reasons[0]) == "by an alias 大蓝鲸 means 上海雅苒贸易有限公司"
    assert dedupe_customers(office.workspace).merged == 1


def test_credit_codes_that_differ_outweigh_an_alias(office: Any) -> None:
    office.add("customer", {"name": "大蓝鲸", "credit_code": "91310000MA1K35BN5R"})
    office.add("customer", {"name": "上海雅苒贸易有限公司", "credit_code": "91330206MA03030912"})
    set_aliases(office.workspace, [("大蓝鲸", "上海雅苒贸易有限公司")])
    assert dedupe_customers(office.workspace).merged == 0
