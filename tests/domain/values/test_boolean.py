import pytest

from crmcli.domain.problem import Problem
from crmcli.domain.values.boolean import parse_boolean


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("是", True),
        ("Yes", True),
        ("TRUE", True),
        ("１", True),
        ("√", True),
        ("在职", True),
        ("否", False),
        ("no", False),
        ("0", False),
    ],
)
def test_yes_and_no(text: str, value: bool) -> None:
    assert parse_boolean(text) is value


def test_anything_else_is_a_problem() -> None:
    assert parse_boolean("也许") == Problem("boolean.invalid", "也许")
