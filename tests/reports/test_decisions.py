from __future__ import annotations

import pytest

from crmcli.i18n import set_language
from crmcli.reports.decisions import DECISIONS, decision_of, in_words


@pytest.mark.parametrize("decision", DECISIONS)
def test_both_languages_come_back(decision: str) -> None:
    for language in ("zh", "en"):
        set_language(language)
        assert decision_of(f" {in_words(DECISIONS[decision]).upper()} ") == decision
    set_language("en")


def test_blank_is_no_decision_and_another_word_is_none() -> None:
    assert decision_of("  ") == ""
    assert decision_of("也许") is None
