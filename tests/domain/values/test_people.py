from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.values.people import NamedPerson, people_of

ZHANG, LI, WANG = "+8613800000000", "+8613900000000", "+8613700000000"
LANDLINE = "+862162345678;ext=801"
Expected = list[tuple[str, tuple[str, ...], str, str]]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("张三", [("张三", (), "", "")]),
        ("张三、李四", [("张三", (), "", ""), ("李四", (), "", "")]),
        ("张三/李总，王芳", [("张三", (), "", ""), ("李总", (), "总", ""), ("王芳", (), "", "")]),
        ("张三 13800000000/李四 13900000000", [("张三", (ZHANG,), "", ""), ("李四", (LI,), "", "")]),
        ("联系人: 张三 13800000000/李四 13900000000", [("张三", (ZHANG,), "", ""), ("李四", (LI,), "", "")]),
        ("联系人：张三　电话：１３８００００００００", [("张三", (ZHANG,), "", "")]),
        ("张三13800000000 李四13900000000", [("张三", (ZHANG,), "", ""), ("李四", (LI,), "", "")]),
        ("张三 13800000000 李四", [("张三", (ZHANG,), "", ""), ("李四", (), "", "")]),
        ("13800000000 张三 13900000000 李四", [("张三", (ZHANG,), "", ""), ("李四", (LI,), "", "")]),
        ("张三\n13800000000\n李四\n13900000000", [("张三", (ZHANG,), "", ""), ("李四", (LI,), "", "")]),
        ("张三 13800000000、13700000000", [("张三", (ZHANG, WANG), "", "")]),
        ("张三 13800000000 13700000000 李四 13900000000", [("张三", (ZHANG, WANG), "", ""), ("李四", (LI,), "", "")]),
        ("王总(13800000000)", [("王总", (ZHANG,), "总", "")]),
        ("王总（13800000000/13900000000）", [("王总", (ZHANG, LI), "总", "")]),
        ("张三(采购,技术) 138-0000-0000；李四", [("张三", (ZHANG,), "", "采购,技术"), ("李四", (), "", "")]),
        ("张三（采购）13800000000、李四", [("张三", (ZHANG,), "", "采购"), ("李四", (), "", "")]),
        ("采购：张三 13800000000，技术：李四", [("张三", (ZHANG,), "", "采购"), ("李四", (), "", "技术")]),
        ("张三经理 021-62345678-801", [("张三", (LANDLINE,), "经理", "")]),
        ("张三 138****0000", [("张三", (), "", "138****0000")]),
        ("张三-13800000000", [("张三", (ZHANG,), "", "")]),
        ("张三 & 李四", [("张三", (), "", ""), ("李四", (), "", "")]),
        ("John Smith 13800000000", [("John Smith", (ZHANG,), "", "")]),
        ("张经理", [("张经理", (), "经理", "")]),
        ("王总经理", [("王总经理", (), "总经理", "")]),
        ("李建工", [("李建工", (), "", "")]),
        ("李四，13900000000", [("李四", (LI,), "", "")]),
    ],
)
def test_people_in_a_cell(text: str, people: Expected) -> None:
    assert people_of(text) == [NamedPerson(*person) for person in people]


@pytest.mark.parametrize(
    ("text", "name", "phones"),
    [
        ("Smith, John", "Smith, John", ()),
        ("张三、采购部", "张三、采购部", ()),
        ("张三、采购部 13800000000", "张三、采购部 13800000000", (ZHANG,)),
        ("A000张三", "A000张三", ()),
        ("采购部 13800000000", "采购部", (ZHANG,)),
        ("AAA建材王姐13800000000", "AAA建材王姐", (ZHANG,)),
        ("13800000000", "13800000000", (ZHANG,)),
        ("张三 董事", "张三 董事", ()),
        ("研发/生产", "研发/生产", ()),
    ],
)
def test_what_cannot_be_taken_apart_is_one_as_written(text: str, name: str, phones: tuple[str, ...]) -> None:
    assert people_of(text) == [NamedPerson(name, phones)]


def test_a_text_of_many_numbers_ends() -> None:
    (person,) = people_of(" ".join(f"138{i:08}" for i in range(7000)))
    assert len(person.phones) == 6400


@given(st.text() | st.text("张三李总公司科技-、/(),;:\ue000\n13800000000 ", max_size=40))
def test_no_text_breaks_it_and_no_number_is_lost(text: str) -> None:
    people = people_of(text)
    assert people
    assert all(person.name or not text.strip() or len(people) == 1 for person in people)
