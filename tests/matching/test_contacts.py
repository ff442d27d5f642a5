from __future__ import annotations

import pytest

from crmcli.matching.contacts import person_written, surname, whole_name


@pytest.mark.parametrize(
    ("text", "whole", "first"),
    [("王建国经理", "王建国", "王"), ("王总", "", "王"), ("王伟", "王伟", "王"), ("robert allen", "robert allen", "")],
)
def test_titles_are_no_part_of_a_name(text: str, whole: str, first: str) -> None:
    assert (whole_name(text), surname(text)) == (whole, first)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("A000张三", "张三"),
        ("aa李四", "李四"),
        ("张三-华东精密", "张三"),
        ("华东精密 张三经理", "张三经理"),
        ("🌸李四🌸", "李四"),
        ("张三13800000001", "张三"),
        ("财源滚滚", "财源滚滚"),
        ("Robert Allen", "Robert Allen"),
    ],
)
def test_a_nickname_is_read_for_the_person_in_it(text: str, person: str) -> None:
    assert person_written(text) == person


def test_a_familiar_form_says_a_surname_only() -> None:
    assert (whole_name("小李"), surname("小李"), surname("老王"), surname("小林光一")) == ("", "李", "王", "小")
