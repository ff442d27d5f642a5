from __future__ import annotations

from typing import Any

import pytest

from crmcli.errors import CrmError
from crmcli.jobs.importing.find_files import NothingFound, find_files
from crmcli.jobs.importing.plan import HeaderNotFound, ReadChoices, SheetNotUnderstood, plan_file, presets_of

CUSTOMER = (("客户编号", "客户名称"), ("1", "甲公司"))


def _names(result: Any) -> list[str]:
    return [sheet.planned.sheet.name or sheet.planned.sheet.file.rpartition("/")[2] for sheet in result.sheets]


def test_files_are_written_owners_first_follow_ups_last(desk: Any) -> None:
    sheets = {
        "跟进.csv": (("客户名称", "跟进时间", "跟进内容"), ("甲公司", "2026-01-01", "电话")),
        "历史.csv": (("商机编号", "阶段", "变更时间"), ("D1", "初步接触", "2026-01-01")),
        "商机.csv": (("商机编号", "客户名称", "产品", "负责人"), ("D1", "甲公司", "GTXPro", "张伟")),
        "线索.csv": (("线索编号", "线索名称"), ("L1", "王先生")),
        "联系人.csv": (("客户名称", "联系人"), ("甲公司", "张三")),
        "客户.csv": CUSTOMER,
        "产品.csv": (("产品名称", "单价"), ("GTX Pro", "1")),
        "人.csv": (("销售姓名", "团队"), ("张 伟", "华东")),
    }
    result = desk.load(*[desk.csv(name, *rows) for name, rows in sheets.items()])
    assert _names(result) == list(sheets)[::-1]
    assert all(sheet.tally.counts["new"] == 1 for sheet in result.sheets)
    assert (desk.one("opportunity")["owner"], desk.one("opportunity")["product"]) == ("张 伟", "GTX Pro")


def test_a_named_file_that_cannot_be_read_refuses_the_command(desk: Any) -> None:
    good, bad = desk.csv("a.csv", *CUSTOMER), desk.folder / "b.xlsx"
    bad.write_bytes(b"%PDF-1.4 no table")
    with pytest.raises(CrmError, match="PDF"):
        desk.load(good, str(bad))
    assert desk.records("customer") == []
    assert desk.db.value("SELECT count(*) FROM run") == 0


def test_keep_going_leaves_it_out_and_tells(desk: Any) -> None:
    bad = desk.folder / "b.xlsx"
    bad.write_bytes(b"%PDF-1.4 no table")
    result = desk.load(desk.csv("a.csv", *CUSTOMER), str(bad), keep_going=True)
    assert [path.name for path, _ in result.unread] == ["b.xlsx"]
    assert result.needs_attention
    assert desk.one("customer")["name"] == "甲公司"


@pytest.mark.parametrize("pattern", ["sub", "sub/*"])
def test_one_found_in_a_folder_or_by_a_pattern_is_left_out(desk: Any, pattern: str) -> None:
    (desk.folder / "sub").mkdir()
    desk.csv("sub/a.csv", *CUSTOMER)
    (desk.folder / "sub" / "b.csv").write_bytes(b"")
    (desk.folder / "sub" / "c.csv").write_text("日期,合计\n1,2\n", encoding="utf-8")
    result = desk.load(str(desk.folder / pattern))
    assert [(path.name, failure.code) for path, failure in result.unread] == [
        ("b.csv", "file.empty"),
        ("c.csv", "mapping.no_identity"),
    ]
    assert desk.one("customer")["name"] == "甲公司"


def test_what_is_no_source_in_a_folder_is_passed_over(desk: Any) -> None:
    names = ["a.csv", ".hidden.csv", "~$a.xlsx", "rejects-R1.xlsx", "crm.toml", "read.md", "x.py"]
    sub = desk.folder / "sub"
    sub.mkdir()
    for name in names:
        (sub / name).write_text("x", encoding="utf-8")
    assert [file.name for file, _ in find_files([str(sub)])] == ["a.csv"]
    assert [named for _, named in find_files([str(sub / "read.md"), str(sub / "read.md")])] == [True]


def test_a_path_that_means_nothing(desk: Any) -> None:
    for path in ("nowhere.csv", "no*.csv"):
        with pytest.raises(NothingFound):
            list(find_files([str(desk.folder / path)]))


def test_a_sheet_without_identity_is_left_out_where_another_maps(desk: Any) -> None:
    path = desk.book("a.xlsx", 说明=[["填写说明"], ["请按列填写"], ["谢谢"]], 客户=CUSTOMER, 空=[])
    result = desk.load(path)
    assert _names(result) == ["客户", "说明", "空"]
    assert [sheet.left_out is None for sheet in result.sheets] == [True, False, False]
    assert "no column identifies" in str(result.sheets[1].left_out)
    assert result.needs_attention


def test_an_empty_or_hidden_sheet_is_left_out_and_needs_nothing(desk: Any) -> None:
    from openpyxl import load_workbook

    path = desk.book("a.xlsx", 客户=CUSTOMER, 列表=[["省份"], ["江苏"]], 空=[])
    book = load_workbook(path)
    book["列表"].sheet_state = "hidden"
    book.save(path)
    result = desk.load(path)
    assert len(result.sheets) == 3
    assert not result.needs_attention


@pytest.mark.parametrize(
    ("rows", "hint"),
    [
        ([("日期", "金额"), ("2026-01-01", "5")], '--map "日期=customer.name"'),
        ([("客户名称", "客户名称", "行业"), ("甲", "乙", "电子")], "#2=customer.name"),
    ],
)
def test_the_only_filled_sheet_is_refused_with_what_to_say(desk: Any, rows: list[tuple[str, ...]], hint: str) -> None:
    path = desk.book("a.xlsx", 数据=rows, 空=[])
    with pytest.raises(SheetNotUnderstood) as refused:
        desk.load(path)
    assert hint in f"{refused.value} {refused.value.hint}"
    assert desk.db.value("SELECT count(*) FROM run") == 0


def test_a_tie_is_refused_even_where_another_sheet_maps(desk: Any) -> None:
    path = desk.book("a.xlsx", 客户=CUSTOMER, 又=[("客户名称", "客户名称", "行业"), ("甲", "乙", "电子")])
    with pytest.raises(SheetNotUnderstood):
        desk.load(path)


def test_what_a_person_names_counts(desk: Any) -> None:
    path = desk.csv("a.csv", ("甲方", "多少", "说明"), ("甲公司", "3", "x"))
    desk.load(path, map={"甲方": "customer.name", "多少": "opportunity.amount"})
    assert (desk.one("customer")["name"], desk.one("opportunity")["amount_fen"]) == ("甲公司", 300)


def test_a_header_that_no_sheet_has_is_told_with_those_there_are(desk: Any) -> None:
    with pytest.raises(HeaderNotFound, match="甲放") as failure:
        desk.load(desk.csv("a.csv", *CUSTOMER), map={"甲放": "customer.name"})
    assert "客户编号" in str(failure.value.hint)


@pytest.mark.parametrize(
    ("choices", "names"),
    [
        ({}, ["甲公司1", "甲公司2", "乙公司"]),
        ({"sheet": "乙"}, ["乙公司"]),
        ({"limit": 1}, ["甲公司1", "乙公司"]),
        ({"sheet": "甲", "header_row": 2, "map": {"甲公司1": "customer.name"}}, ["甲公司2"]),
    ],
)
def test_choices_about_reading(desk: Any, choices: dict[str, Any], names: list[str]) -> None:
    heads = ("客户名称", "行业")
    path = desk.book("a.xlsx", 甲=[heads, ("甲公司1", "电子"), ("甲公司2", "食品")], 乙=[heads, ("乙公司", "电子")])
    desk.load(path, **choices)
    assert [customer["name"] for customer in desk.records("customer")] == names


def test_a_sheet_without_headers(desk: Any) -> None:
    path = desk.book("a.xlsx", 客户公海=[("甲公司", "张三", 13800000000), ("乙公司", "李四", 13800000001)])
    choices = {"#1": "customer.name", "#2": "contact.name", "#3": "contact.phones"}
    desk.load(path, header_row=0, map=choices)
    assert [customer["name"] for customer in desk.records("customer")] == ["甲公司", "乙公司"]
    assert [contact["phones"] for contact in desk.records("contact")] == [["+8613800000000"], ["+8613800000001"]]


def test_an_encoding_that_is_named(desk: Any) -> None:
    path = desk.folder / "big5.csv"
    path.write_bytes("客戶編號,客戶名稱\n1,臺灣精密\n".encode("big5"))
    planned = plan_file(
        path,
        ReadChoices(encoding="big5", map={"客戶名稱": "customer.name"}),
        presets_of(desk.workspace.settings),
        desk.workspace.zone,
    )
    assert planned[0].sheet.encoding == "big5"
    assert planned[0].sheet.columns[1].sample == ["臺灣精密"]


def test_a_source_is_the_option_else_the_presets_else_default(desk: Any) -> None:
    wechat = desk.csv("w.csv", ("UserName", "Alias", "Remark", "NickName"), ("wx1", "", "张三", ""))
    plain = desk.csv("p.csv", *CUSTOMER)
    assert [sheet.planned.system for sheet in desk.load(wechat, plain).sheets] == ["default", "wechat"]
    assert [sheet.planned.system for sheet in desk.load(wechat, plain, source="X").sheets] == ["X", "X"]


def test_a_kind_that_is_named(desk: Any) -> None:
    desk.rows(("名称", "电话"), ("王先生", "13800000000"), kind="lead")
    assert desk.one("lead")["name"] == "王先生"
