from __future__ import annotations

from crmcli.domain.reminders.model import KINDS, LEVELS
from crmcli.domain.reminders.words import KIND_WORDS, LEVEL_WORDS


def test_every_kind_and_level_has_a_word_of_its_own() -> None:
    assert tuple(KIND_WORDS) == KINDS
    assert tuple(LEVEL_WORDS) == LEVELS
    assert len({str(word) for word in KIND_WORDS.values()}) == len(KINDS)
