from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.domain.problem import Problem
from crmcli.domain.values.people import NamedPerson
from crmcli.i18n import msg
from crmcli.importers.mapping import ColumnMap
from crmcli.importers.parsers import Person, parser_of


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
