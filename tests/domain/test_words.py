"""What keys are called."""

import pytest

from crmcli.domain.records import KINDS
from crmcli.domain.runs import HUMAN, IMPORT, RULE
from crmcli.domain.words import word
from crmcli.i18n import set_language


@pytest.fixture(autouse=True)
def _chinese() -> None:
    set_language("zh")


@pytest.mark.parametrize(
    "key",
    [*KINDS, "won", "lost", "void", "open", "review", "done", "create", "brand", "digits", "left_out", "considered"],
)
def test_what_people_meet_has_a_chinese_name(key: str) -> None:
    assert word(key) != key
    assert not word(key).isascii()


def test_kinds_of_run_that_exist_today_have_a_name() -> None:
    assert {kind for kind in HUMAN | IMPORT | RULE if word(kind) == kind} == set()


def test_an_unknown_key_is_its_own_name() -> None:
    assert word("something") == "something"
