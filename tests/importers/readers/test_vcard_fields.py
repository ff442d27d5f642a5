from __future__ import annotations

import pytest

from crmcli.importers.readers.vcard_fields import fields_of
from crmcli.importers.readers.vcard_lines import property_of


def fields(*lines: str) -> dict[str, str]:
    return fields_of([entry for line in lines if (entry := property_of(line))])


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("N:张;三",), "张三"),
        (("N:张;三;;;", "FN:三 张"), "张三"),
        (("N:张;三", "FN:张三-甲公司"), "张三-甲公司"),
        (("N:Smith;John;;;",), "John Smith"),
        (("N:Smith;John;;;", "FN:John Smith"), "John Smith"),
        (("FN:老王",), "老王"),
    ],
)
def test_a_name_in_the_order_of_its_writing(lines: tuple[str, ...], name: str) -> None:
    assert fields(*lines)["姓名"] == name


def test_several_phones_by_what_they_are() -> None:
    found = fields("TEL;CELL:1", "TEL;WORK:2", "TEL;type=cell:3", "TEL;HOME;FAX:4", "TEL;VALUE=uri:tel:+86-5;ext=6")
    assert found == {"手机": "1;3", "电话": "2;+86-5-6", "传真": "4"}


def test_labels_of_a_group() -> None:
    found = fields("item1.TEL:1", "item1.X-ABLabel:_$!<Mobile>!$_", "item2.TEL:2", "item2.X-ABLabel:前台")
    assert found == {"手机": "1", "电话": "2", "标注": "前台: 2"}


def test_addresses_chinese_and_other() -> None:
    assert fields("ADR;WORK:;;西湖路1号;杭州市;浙江省;310000;中国") == {
        "地址": "中国浙江省杭州市西湖路1号",
        "邮编": "310000",
    }
    assert fields("ADR:;;1 Main St;New York;NY;;USA")["地址"] == "1 Main St, New York, NY, USA"
    assert fields("LABEL:杭州西湖路")["地址"] == "杭州西湖路"


def test_accounts_of_messengers() -> None:
    found = fields(
        "X-WECHAT:a", "IMPP;X-SERVICE-TYPE=QQ:x-apple:123", "X-SOCIALPROFILE;type=weixin:b", "IMPP:skype:c", "X-QQ:9"
    )
    assert found == {"微信": "a;b", "QQ": "123;9", "IMPP": "skype:c"}


def test_the_rest_is_kept_and_pictures_are_not() -> None:
    found = fields(
        "VERSION:3.0", "ORG:甲公司;销售部;一组", "TITLE:经理", "EMAIL:a@b.cn", "EMAIL;HOME:c@d.cn", "BDAY:19850305",
        "NOTE:一", "NOTE:二", "X-ODD:x", "PHOTO;ENCODING=b:QUJD", "LOGO;VALUE=uri:data:image/png;base64,QUJD",
    )  # fmt: skip
    assert found == {
        "公司": "甲公司", "部门": "销售部/一组", "职务": "经理", "邮箱": "a@b.cn;c@d.cn", "生日": "1985-03-05",
        "备注": "一\n二", "X-ODD": "x",
    }  # fmt: skip
