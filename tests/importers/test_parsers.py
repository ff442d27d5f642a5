from __future__ import annotations

from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.domain.problem import Problem
from crmcli.domain.values.people import NamedPerson
from crmcli.domain.values.text import clean, is_blank
from crmcli.i18n import msg
from crmcli.importers.mapping import ColumnMap
from crmcli.importers.parsers import Person, parser_of, usual_form


def _parse(path: str, kind: str, text: str) -> Any:
    parser, _ = parser_of(ColumnMap(0, "", path, kind, 1.0, msg("")), [text], ZoneInfo("Asia/Shanghai"))
    return parser(text)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("张三", Person("张三")),
        ("王总", Person("王总")),
        ("张三(采购)", Person("张三")),
        ("张三 13800000000", Person("张三", phones=("+8613800000000",))),
        ("张三、李四13900000000", Person("张三", others=(NamedPerson("李四", ("+8613900000000",)),))),
        ("张三、采购部", Person("张三、采购部")),
        ("Moses Frase", Person("Moses Frase")),
    ],
)
def test_the_people_that_a_cell_names(text: str, person: Person) -> None:
    assert _parse("contact.name", "name", text) == person


@pytest.mark.parametrize(
    ("text", "value"), [("C-001", "C-001"), ("91320583MA02", "91320583MA02"), ("1E5", None), ("2.5e+12", None)]
)
def test_ids_are_texts_but_for_those_that_lost_digits(text: str, value: str | None) -> None:
    parsed = _parse("customer.external_id", "text", text)
    assert parsed == value if value else isinstance(parsed, Problem)


def test_a_masked_company_is_nobody() -> None:
    assert _parse("customer.name", "company", "广州***公司").code == "name.masked"


def test_a_lead_of_several_people_is_called_as_written() -> None:
    assert _parse("lead.name", "name", "张三、李四") == Person("张三、李四")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("customer.address", "text"),
        ("customer.name", "company"),
        ("customer.external_id", "text"),
        ("contact.phones", "phones"),
        ("contact.emails", "emails"),
    ],
)
def test_a_text_of_the_usual_form_says_what_the_parser_reads(path: str, kind: str) -> None:
    target = ColumnMap(0, "", path, kind, 1.0, msg(""))
    form = usual_form(target)
    assert form is not None
    is_usual, value_of = form
    dice, usual = Random(7), 0
    samples = [
        "某某公司",
        "xxxx有限公司",
        "请选择",
        "13800000000",
        "K0000001",
        "1E5",
        "a1@qq.com",
        "苏州华东精密（上海）有限公司",
    ]
    samples += [
        "".join(dice.choices("xX某公司有限待定 .-=’'*0138eE+@#aZ京（）。，qcom", k=dice.randrange(1, 14)))
        for _ in range(4000)
    ]
    for text in samples:
        if is_usual(text):
            usual += 1
            assert clean(text) == text
            assert not is_blank(text)
            assert _parse(path, kind, text) == (value_of(text) if value_of else text)
    assert usual


def test_a_column_whose_texts_decide_together_has_no_usual_form() -> None:
    assert usual_form(ColumnMap(0, "", "customer.created_at", "date", 1.0, msg(""))) is None
