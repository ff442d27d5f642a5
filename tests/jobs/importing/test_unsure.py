"""Which columns a person may be asked about before an import, and what an answer means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crmcli.config import Settings
from crmcli.jobs.importing.plan import ReadChoices
from crmcli.jobs.importing.unsure import Question, field_said, unsure_columns

MOBILES = ("13800000001", "13900000002", "13700000003")
SETTINGS = Settings.model_validate({})
Ask = Callable[..., list[Question]]


@pytest.fixture
def asked(tmp_path: Path) -> Ask:
    """Return the questions about files written as csv: `asked({name: [row ...]}, **choices)`."""

    def ask(files: dict[str, list[str]], **choices: Any) -> list[Question]:
        for name, rows in files.items():
            (tmp_path / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
        return unsure_columns(SETTINGS, [str(tmp_path / name) for name in files], ReadChoices(**choices))

    return ask


def _sheet(header: str = "备用") -> list[str]:
    return [f"客户名称,{header},编外", *(f"公司{n},{mobile},x{n}" for n, mobile in enumerate(MOBILES))]


def test_a_column_known_by_its_content_is_asked_about_and_one_nobody_knows_is_not(asked: Ask) -> None:
    (question,) = asked({"a.csv": _sheet()})
    assert (question.name, question.path, tuple(question.sample)) == ("备用", "contact.phones", MOBILES)
    assert str(question.why) == "100 % of its texts are mobile numbers"
    assert question.kind == "customer"


@pytest.mark.parametrize("header", ["手机", "备用"])
def test_what_is_known_or_was_said_is_not_asked(asked: Ask, header: str) -> None:
    assert asked({"a.csv": _sheet(header)}, map={"备用": "contact.phones"} if header == "备用" else {}) == []


def test_two_columns_that_say_the_same_field_are_a_question(asked: Ask) -> None:
    (question,) = asked({"a.csv": ["客户名称,金额(元),金额(万元)", "甲,1,2"]})
    assert (question.name, question.path, question.beside) == ("金额(万元)", "", {})
    assert "金额(元), holds opportunity.amount" in str(question.why)
    assert asked({"a.csv": ["客户名称,公司名称,行业", "甲,乙,电子"]}) == []  # the catalogue says which goes first


def test_a_header_that_stands_twice_is_named_with_its_twin(asked: Ask) -> None:
    (question,) = asked({"a.csv": ["客户名称,客户名称,行业", "甲,乙,电子"]})
    assert (question.name, question.path) == ("客户名称#2", "")
    assert question.beside == {"客户名称#1": "customer.name"}


def test_a_header_that_another_one_contains_is_named_alone(asked: Ask) -> None:
    (question,) = asked({"a.csv": ["客户名称,金额(元),金额", "甲,1,2"]})
    assert question.name == "金额#1"


def test_a_column_without_a_header_is_named_by_its_place(asked: Ask) -> None:
    (question,) = asked({"a.csv": _sheet(""), "b.csv": _sheet("")})
    assert (question.name, question.path, len(question.sheets)) == ("#2", "contact.phones", 2)


def test_sheets_that_agree_are_asked_about_once_and_those_that_differ_not_at_all(asked: Ask) -> None:
    same = asked({"a.csv": _sheet(), "b.csv": _sheet()})
    assert [(question.name, len(question.sheets)) for question in same] == [("备用", 2)]
    other = ["客户名称,备用", *(f"公司{n},无关{n}" for n in range(3))]
    assert asked({"a.csv": _sheet(), "b.csv": other}) == []
    empty = ["客户名称,备用,编外"]
    assert len(asked({"a.csv": _sheet(), "b.csv": empty})) == 1


def test_a_file_that_would_stop_the_import_is_asked_about_wholly(asked: Ask) -> None:
    assert [question.name for question in asked({"a.csv": ["甲,乙", "a,1", "b,2"]}, header_row=1)] == ["甲", "乙"]


def test_what_cannot_be_read_is_left_to_the_import(asked: Ask, tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04" + bytes(50))
    assert len(unsure_columns(SETTINGS, [str(tmp_path / "broken.xlsx")], ReadChoices())) == 0
    assert len(asked({"a.csv": _sheet()}, limit=3)) == 1
    assert asked({"a.csv": _sheet()}, limit=1) == []  # too few texts to say anything


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        ("contact.phones", "", "contact.phones"),
        ("phones", "lead", "lead.phones"),
        ("手机", "customer", "contact.phones"),
        ("客户名称", "", "customer.name"),
        ("备注", "opportunity", "opportunity.note"),
        ("customer.nonsense", "customer", None),
        ("", "customer", None),
    ],
)
def test_a_field_is_said_by_its_key_or_by_a_heading(text: str, kind: str, path: str | None) -> None:
    assert field_said(text, kind) == path
