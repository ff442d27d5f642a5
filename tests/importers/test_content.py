from __future__ import annotations

import pytest

from crmcli.domain.values.credit_code import check_character
from crmcli.importers.content import content_of, field_of

_BODY = "91310000MA1K3{:04d}"
CODES = [body + check_character(body) for body in (_BODY.format(n) for n in range(1000, 1006))]


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (["13800000001", "138 0000 0002", "+86 13800000003"], "phones"),
        (["a@b.cn", "王 <c@d.com>", "e@f.org"], "emails"),
        (CODES, "credit_code"),
        (["华东精密有限公司", "甲乙丙厂", "Acme Ltd."], "name"),
        (["上海市浦东新区张江路1号", "江苏省苏州市昆山市新城路2号", "广东省深圳市南山区科技园"], "address"),
    ],
)
def test_a_column_is_what_its_texts_are(texts: list[str], key: str) -> None:
    found = content_of(texts)
    assert found is not None
    assert (found.key, 0.5 < found.confidence <= 0.6) == (key, True)
    assert "100 %" in str(found.why)


@pytest.mark.parametrize(
    "texts",
    [["13800000001", "13800000002"], ["张三", "李四", "王五"], ["13800000001", "12", "再说"], ["", "-", "无"]],
)
def test_what_says_too_little_says_nothing(texts: list[str]) -> None:
    assert content_of(texts) is None


def test_one_bad_text_in_twenty_does_not_hide_what_a_column_is() -> None:
    phones = [f"138000000{n:02d}" for n in range(19)]
    found = content_of([*phones, "没有电话了"])
    assert found is not None
    assert "95 %" in str(found.why)


def test_the_field_depends_on_the_sheets_kind_and_on_what_is_known() -> None:
    phones, firms = content_of(["13800000001", "13800000002", "13800000003"]), content_of(["甲公司", "乙厂", "丙店"])
    assert phones is not None
    assert firms is not None
    assert [field_of(phones, kind, ()) for kind in ("contact", "lead", "product")] == [
        "contact.phones", "lead.phones", None
    ]  # fmt: skip
    assert [field_of(firms, kind, ()) for kind in ("", "lead")] == ["customer.name", "lead.company"]
    assert field_of(firms, "customer", {"customer.name"}) is None
