from __future__ import annotations

import pytest

from crmcli.i18n import set_language
from crmcli.reports.decisions import CHOICES, DECISIONS, choice_of, decision_of, in_words


@pytest.mark.parametrize("decision", DECISIONS)
def test_both_languages_come_back(decision: str) -> None:
    for language in ("zh", "en"):
        set_language(language)
        assert decision_of(f" {in_words(DECISIONS[decision]).upper()} ") == decision


def test_blank_is_no_decision_and_another_word_is_none() -> None:
    assert decision_of("  ") == ""
    assert decision_of("也许") is None


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ("same", "合并 是 同一家 一样 same yes"),
        ("different", "不是 否 不一样 不同 no"),
        ("related", "关联 集团 分公司"),
        ("unsure", "不确定 待定 ? ？"),
    ],
)
def test_obvious_synonyms_are_taken(decision: str, words: str) -> None:
    assert {decision_of(word) for word in words.split()} == {decision}


@pytest.mark.parametrize("choice", CHOICES)
def test_choices_come_back_in_both_languages(choice: str) -> None:
    assert {choice_of(word) for word in CHOICES[choice]} == {choice}
    assert (choice_of(" "), choice_of("也许")) == ("", None)
