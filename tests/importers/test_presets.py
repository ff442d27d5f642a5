from __future__ import annotations

import pytest

from crmcli.domain.fields import catalogue
from crmcli.importers.mapping import MappingChoices, map_sheet
from crmcli.importers.meaning import COMPOSED
from crmcli.importers.presets import preset_from, recognise, shipped_presets

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
    for preset in shipped_presets():
        assert set(preset.map.values()) <= {*catalogue(), *COMPOSED}
        assert preset.headers
        assert preset.system == preset.name


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


def test_case_and_extra_columns_do_not_matter_a_missing_one_does() -> None:
    assert recognise(["username", "ALIAS", "remark", "nickname", "x"], shipped_presets()) is not None
    assert recognise(["username", "ALIAS", "remark"], shipped_presets()) is None


def test_of_several_the_one_that_asks_for_most_is_taken() -> None:
    small = preset_from({"name": "a", "headers": ["X"], "map": {}})
    large = preset_from({"name": "b", "headers": ["X", "Y"], "map": {}})
    assert recognise(["x", "y", "z"], [small, large]) is large
