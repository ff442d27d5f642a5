from __future__ import annotations

import pytest

from crmcli.domain.values.role import ROLES, parse_role
from crmcli.domain.values.text import fold


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("决策者", "决策人"),
        ("DECISION MAKER", "决策人"),
        ("内线", "支持者"),
        ("采购", "采购"),
        ("blocker", "反对者"),
        ("门卫", "门卫"),
    ],
)
def test_roles_are_known_by_many_words_and_never_guessed(text: str, role: str) -> None:
    assert parse_role(text) == role


def test_no_word_means_two_roles() -> None:
    words = [fold(text) for role, texts in ROLES.items() for text in (role, *texts)]
    assert len(words) == len(set(words))
