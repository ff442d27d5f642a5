from __future__ import annotations

import pytest

from crmcli.matching.latin_words import NO_COUNTS, count_words, one_spelling, words_of


@pytest.mark.parametrize(
    ("word", "spelling"),
    [
        ("mortons", "morton"),
        ("services", "service"),
        ("svcs", "service"),
        ("ctr", "center"),
        ("third", "3"),
        ("87th", "87"),
        ("ii", "2"),
        ("bass", "bass"),
        ("st", "saint"),
    ],
)
def test_variants_of_a_word_have_one_spelling(word: str, spelling: str) -> None:
    assert one_spelling(word) == spelling


def test_words_that_only_bind_are_left_out_unless_there_are_no_others() -> None:
    assert words_of("the palm (of the coast) & bar") == ("palm", "coast", "bar")
    assert words_of("the and") == ("the", "and")


def test_a_word_that_everyone_uses_tells_less_than_a_rare_one() -> None:
    assert NO_COUNTS.weight("restaurant") < NO_COUNTS.weight("spago")
    assert NO_COUNTS.is_generic("restaurant")
    assert not NO_COUNTS.is_generic("spago")


def test_the_data_say_which_words_are_frequent_there() -> None:
    names = [("onward", str(i)) for i in range(900)]
    counts = count_words([*names, ("spago",), ("spago",)], cities=[("peoria",)] * 400)
    assert counts.names == 901
    assert counts.weight("onward") < 1 < counts.weight("spago")
    assert counts.weight("peoria") < counts.weight("decatur")
