from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.domain.fields import COMPOSED, catalogue, normalise_header
from crmcli.domain.records import KINDS
from crmcli.importers.mapping import LEFT_OUT, MappingChoices, SheetMapping, map_sheet
from crmcli.importers.parsers import parser_of
from crmcli.importers.presets import Preset, preset_from, recognise, shipped_presets

WECOM = (
    "客户名称,描述,添加人,添加人账号,添加人所属部门,添加时间,来源,手机,企业,邮箱,地址,职务,电话,"
    "标签组1(客户等级),标签组2（意向）"
)
WECHAT = {
    4: "UserName,Alias,Remark,NickName",
    9: "UserName,Alias,Type,Remark,NickName,PYInitial,RemarkPYInitial,smallHeadImgUrl,bigHeadImgUrl",
    13: "UserName,Alias,Type,Remark,NickName,smallHeadImgUrl,bigHeadImgUrl,label,gender,signature,country/region,"
    "province,city",
    16: "UserName,Alias,Type,Remark,NickName,PYInitial,RemarkPYInitial,smallHeadImgUrl,bigHeadImgUrl,label,gender,"
    "telephone,signature,country/region,province,city",
}


def test_every_shipped_preset_maps_to_fields_there_are() -> None:
    paths = {*catalogue(), *COMPOSED}
    for preset in shipped_presets():
        assert set(preset.map.values()) <= {*paths, ""}, preset.name
        assert set(preset.constant) <= paths, preset.name
        assert {key for key in preset.values if "." in key} <= {normalise_header(path) for path in paths}, preset.name
        assert preset.kind in {*KINDS, ""}, preset.name


def test_the_wecom_list_is_contacts_and_its_firms_are_customers() -> None:
    mapping = map_sheet(WECOM.split(","), MappingChoices(presets=shipped_presets()))
    assert (mapping.preset and mapping.preset.name, mapping.kind) == ("wecom", "contact")
    paths = {column.header: column.path for column in mapping.columns}
    assert paths["客户名称"] == "contact.name"
    assert paths["企业"] == "customer.name"
    assert paths["添加人"] == "contact.owner"
    assert (paths["手机"], paths["电话"]) == ("contact.phones", "contact.phones")
    assert paths["来源"] == "customer.source"
    assert [c.type for c in mapping.columns if c.path == "contact.tags"] == ["tag_group", "tag_group"]


@pytest.mark.parametrize("width", WECHAT)
def test_every_width_of_the_wechat_list(width: int) -> None:
    headers = WECHAT[width].split(",")
    assert len(headers) == width
    mapping = map_sheet(headers, MappingChoices(presets=shipped_presets()))
    assert (mapping.preset and mapping.preset.name, mapping.kind) == ("wechat", "contact")
    assert {"contact.external_id", "contact.wechat", "contact.remark", "contact.nickname"} <= mapping.paths()


def _recognised(headers: str, *presets: Preset, sheet: str = "") -> Preset | None:
    found = recognise(frozenset(map(normalise_header, headers.split(","))), presets, sheet)
    return found.preset if found else None


def test_case_and_extra_columns_do_not_matter_a_missing_one_does() -> None:
    wanted = _preset("A_b,*C", {})
    assert _recognised("a b,C（必填）,x", wanted) is wanted
    assert _recognised("a b,x", wanted) is None


def _preset(headers: str, fields: dict[str, str], **keys: Any) -> Preset:
    return preset_from({"name": headers, "headers": headers.split(","), "map": fields, **keys})


def test_of_several_the_one_that_asks_for_most_is_taken_then_the_sheets_name_then_what_is_mapped() -> None:
    small, large = _preset("X", {"X": "contact.name", "Z": "contact.note"}), _preset("X,Y", {})
    assert _recognised("X,Y,Z", small, large) is large
    named = _preset("X", {}, sheet="^Deals$")
    assert _recognised("X,Z", small, named, sheet="Deals") is named
    assert _recognised("X,Z", small, named, sheet="Other") is small
    assert _recognised("X,Z", _preset("X", {}), small) is small


def test_one_of_several_versions_is_enough() -> None:
    versions = _preset("X", {}, any_of=[["Y", "Z"], ["V"]])
    assert _recognised("X,V", versions) is versions
    assert _recognised("X,Y", versions) is None
    found = recognise(frozenset("xyzv"), [versions])
    assert found is not None
    assert found.headers == {"x", "y", "z"}


def _map(headers: str, preset: Preset, **choices: Any) -> SheetMapping:
    return map_sheet(headers.split(","), MappingChoices(presets=[preset], **choices))


def test_why_a_preset_is_taken_names_the_headers_as_written_and_the_others() -> None:
    presets = [_preset("客户名称,添加人", {}), _preset("客户名称", {})]
    mapping = map_sheet(["*客户名称", "添加人", "金额"], MappingChoices(presets=presets))
    assert str(mapping.why) == "known by the headers *客户名称, 添加人 (the presets 客户名称 ask for fewer)"
    choices = MappingChoices(presets=presets, preset="客户名称,添加人")
    assert str(map_sheet(["客户名称"], choices).why) == "named by --preset"


def test_an_empty_field_keeps_a_column_as_extra_and_a_tools_own_column_is_dropped() -> None:
    mapping = _map("客户名称,手机,错误原因", _preset("客户名称", {"手机": ""}, drop=["错误原因"], kind="customer"))
    assert [(column.path, column.type) for column in mapping.columns[1:]] == [("", "text"), ("", LEFT_OUT)]


def test_a_sheet_without_records_is_refused_unless_a_person_says_what_it_holds() -> None:
    groups = _preset("群名", {"群名": "contact.name"}, records=False, title="群列表")
    assert str(_map("群名", groups).refusal) == "群列表: this holds no customers, contacts or deals"
    assert _map("群名", groups, map={"群名": "customer.name"}, kind="customer").refusal is None


def test_columns_that_name_a_stage_or_a_tag_group() -> None:
    deals = _preset("Deal", {"Deal": "opportunity.name"}, stage_dates='^Date entered "(.+)"$|^进入(.+)时间$')
    columns = _map('Deal,Date entered "Demo",进入报价时间', deals, kind="opportunity").columns
    assert [(c.path, c.type, c.group) for c in columns[1:]] == [
        ("opportunity.stage_dates", "stage_date", "Demo"), ("opportunity.stage_dates", "stage_date", "报价")
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["来源", "customer.source"])
def test_codes_become_texts_by_header_or_by_field(column: str) -> None:
    preset = _preset("客户名称", {"来源": "customer.source"}, kind="customer", values={column: {"1": "扫码", "0": ""}})
    target = _map("客户名称,来源", preset).columns[1]
    assert [target.meant(text) for text in ("1", "１", "扫码", "17", "0")] == ["扫码", "扫码", "扫码", "17", ""]
    _parser, note = parser_of(target, ["扫码", "17"], ZoneInfo("Asia/Shanghai"))
    assert "lacks 1 values, which are kept as written: 17" in str(note)


def test_no_two_shipped_presets_are_called_the_same() -> None:
    names = [preset.name for preset in shipped_presets()]
    assert len(names) == len(set(names))
