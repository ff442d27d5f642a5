from __future__ import annotations

import pytest

from crmcli.domain.problem import Problem
from crmcli.domain.values.shares import parse_shares


@pytest.mark.parametrize(
    "text", ["王芳:70,李伟:30", "王芳：70％；李伟＝30", "王芳 70%、 李伟 30", "王芳:70\n李伟:30.00"]
)
def test_names_with_shares(text: str) -> None:
    assert parse_shares(text) == {"王芳": 70.0, "李伟": 30.0}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("王芳", "shares.unreadable"),
        ("王芳:100,李伟:0", "shares.unreadable"),
        ("王芳:70,李伟", "shares.unreadable"),
        ("王芳:70,李伟:20", "shares.sum"),
        ("王芳:50,王芳:50", "shares.twice"),
    ],
)
def test_what_is_no_division_is_a_problem(text: str, code: str) -> None:
    found = parse_shares(text)
    assert isinstance(found, Problem)
    assert found.code == code
