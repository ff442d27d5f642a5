from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.settle import Mode
from crmcli.jobs.records.editing import set_fields

HEADERS = ("客户编号", "客户名称", "行业", "客户级别", "公司电话", "客户标签")


def _counts(result: Any) -> dict[str, int]:
    return {key: number for key, number in result.tally.counts.items() if number}


def _of(desk: Any, *keys: str) -> list[Any]:
    customer = desk.one("customer")
    return [customer[key] for key in keys]


def test_fill_fills_what_is_empty_and_takes_the_fuller_of_two(desk: Any) -> None:
    desk.rows(HEADERS, ("1", "甲公司", "电子", "", "", ""))
    outcome = desk.rows(HEADERS, ("1", "甲公司", "电子制造", "A", "", ""))
    assert _of(desk, "industry", "level") == ["电子制造", "A"]
    assert desk.alternates() == [("industry", "电子")]
    assert (outcome.tally.alternates, outcome.tally.listed[0].header, outcome.tally.listed[0].value) == (
        1,
        "行业",
        "电子",
    )
    assert _counts(desk.rows(HEADERS, ("1", "甲公司", "电子", "", "", ""))) == {"same": 1}


def test_overwrite_takes_this_imports_value(desk: Any) -> None:
    desk.rows(HEADERS, ("1", "甲公司", "电子制造", "A", "", ""))
    outcome = desk.rows(HEADERS, ("1", "甲公司", "电子", "", "", ""), on_match=Mode.OVERWRITE)
    assert _of(desk, "industry", "level") == ["电子", "A"]
    assert desk.alternates() == [("industry", "电子制造")]
    assert outcome.tally.listed == []


def test_skip_leaves_records_alone_but_makes_new_ones(desk: Any) -> None:
    desk.rows((*HEADERS, "网址"), ("1", "甲公司", "电子", "", "", "", "a.cn"))
    outcome = desk.rows(
        (*HEADERS, "网址"),
        ("1", "甲公司", "电子制造", "A", "", "", "b.cn"),
        ("2", "乙公司", "电子", "", "", "", ""),
        on_match=Mode.SKIP,
    )
    assert outcome.tally.counts["new"] == 1
    first = desk.records("customer")[0]
    assert (first["industry"], first["level"], first["extra"]) == ("电子", None, {"网址": "a.cn"})
    assert ("industry", "电子制造") in desk.alternates()


@pytest.mark.parametrize("mode", list(Mode))
def test_lists_are_united_in_every_mode(desk: Any, mode: Mode) -> None:
    desk.rows(HEADERS, ("1", "甲公司", "", "", "021-62345678", "重点"))
    desk.rows(HEADERS, ("1", "甲公司", "", "", "13800000000", "老客户，重点"), on_match=mode)
    assert _of(desk, "phones", "tags") == [["+8613800000000", "+862162345678"], ["老客户", "重点"]]


def test_an_empty_cell_erases_nothing_unless_blank_clears(desk: Any) -> None:
    full, blank = ("1", "甲公司", "电子", "A", "021-62345678", ""), ("1", "甲公司", "暂无", "", "", "")
    desk.rows(HEADERS, full)
    assert _counts(desk.rows(HEADERS, blank, on_match=Mode.OVERWRITE)) == {"same": 1}
    assert _counts(desk.rows(HEADERS, blank, blank_clears=True, on_match=Mode.SKIP)) == {"same": 1}
    assert _counts(desk.rows(HEADERS, blank, blank_clears=True)) == {"updated": 1}
    assert _of(desk, "name", "external_ids", "industry", "level", "phones") == ["甲公司", ["default:1"], None, None, []]


def test_a_column_that_is_not_there_clears_nothing(desk: Any) -> None:
    desk.rows(HEADERS, ("1", "甲公司", "电子", "A", "021-62345678", ""))
    assert _counts(desk.rows(("客户编号", "客户名称"), ("1", "甲公司"), blank_clears=True)) == {"same": 1}


def test_a_bad_cell_clears_nothing(desk: Any) -> None:
    desk.rows(HEADERS, ("1", "甲公司", "", "", "021-62345678", ""))
    desk.rows(HEADERS, ("1", "甲公司", "", "", "12", ""), blank_clears=True)
    assert _of(desk, "phones") == [["+862162345678"]]


def test_what_a_person_set_stays_under_fill_and_goes_under_overwrite(desk: Any) -> None:
    desk.rows(HEADERS, ("1", "甲公司", "电子", "A", "", ""))
    set_fields(desk.workspace, "customer", "C1", ["industry=食"])
    outcome = desk.rows(HEADERS, ("1", "甲公司", "机械设备制造", "", "", ""))
    assert _of(desk, "industry") == ["食"]
    assert desk.alternates() == [("industry", "机械设备制造")]
    assert [listed.code for listed in outcome.tally.listed] == ["value.not_taken"]
    desk.rows(HEADERS, ("1", "甲公司", "", "", "", ""), blank_clears=True)
    assert _of(desk, "industry", "level") == ["食", None]
    desk.rows(HEADERS, ("1", "甲公司", "电子", "", "", ""), on_match=Mode.OVERWRITE)
    assert _of(desk, "industry") == ["电子"]


def test_cells_of_a_record_that_nothing_identifies_are_kept_as_extra(desk: Any) -> None:
    desk.rows(("商机编号", "客户名称", "行业", "地址"), ("1", "", "电子", "新城路1号"))
    assert desk.records("customer") == []
    assert desk.one("opportunity")["extra"] == {"行业": "电子", "地址": "新城路1号"}


@pytest.mark.parametrize(
    ("said", "area"),
    [
        (("上海", ""), ["上海", "上海"]),  # another province: the address is somewhere else
        (("江苏", "南京"), ["江苏", "南京"]),
        (("江苏", ""), ["江苏", "苏州"]),  # the address says more of it
    ],
)
def test_the_area_of_an_address_gives_way_to_one_that_is_said(
    desk: Any, new_desk: Any, said: tuple[str, str], area: list[str]
) -> None:
    address = (("客户编号", "客户名称", "地址"), ("1", "甲公司", "江苏省苏州市新城路1号"))
    columns = (("客户编号", "客户名称", "省份", "城市"), ("1", "甲公司", *said))
    desk.rows(*address)
    assert _of(desk, "province", "city") == ["江苏", "苏州"]
    desk.rows(*columns)
    assert _of(desk, "province", "city") == area
    assert _counts(desk.rows(*columns)) == _counts(desk.rows(*address)) == {"same": 1}
    other = new_desk()
    other.rows(*columns)
    other.rows(*address)
    assert other.dump() == desk.dump()


def test_an_owner_that_nobody_knows_is_kept_and_told_once(desk: Any) -> None:
    desk.rows(("销售姓名", "团队"), ("张伟", "华东"))
    outcome = desk.rows(("客户名称", "客户负责人"), ("甲公司", "张 伟"), ("乙公司", "老王"), ("丙公司", "老王"))
    assert [customer["owner"] for customer in desk.records("customer")] == ["张伟", "老王", "老王"]
    assert [str(note) for note in outcome.tally.notes if "老王" in str(note)] == [
        "老王 is no owner in crm.toml or the owner table: kept as written (2 rows)"
    ]
    assert outcome.tally.listed == []


def test_a_product_is_written_as_it_is_known(desk: Any) -> None:
    desk.rows(("产品名称", "单价"), ("GTX Pro", "10"))
    outcome = desk.rows(("商机编号", "客户名称", "产品"), ("1", "甲公司", "GTXPro"))
    assert desk.one("opportunity")["product"] == "GTX Pro"
    assert desk.one("opportunity")["extra"] == {"product": "GTXPro"}
    assert "GTXPro is read as GTX Pro (1 rows)" in [str(note) for note in outcome.tally.notes]
