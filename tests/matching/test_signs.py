from __future__ import annotations

import numpy as np
import pytest

from crmcli.matching.signs import Signs, Words, these

TEXTS = ["上海鼎信", "", "鼎信a", "𠮷野家"]


def test_what_stands_somewhere_is_found_by_its_fingerprint_wherever_it_stands() -> None:
    signs, words = Signs(TEXTS), Words(["鼎信", "野家", "上"])
    start = signs.start + np.array([2, 0, 0, 1])
    assert words.codes(signs.prints(start, np.minimum(start + 2, signs.end))).tolist() == [0, -1, 0, 1]
    assert words.codes(signs.prints(signs.start, signs.end)).tolist() == [-1, -1, -1, -1]


@pytest.mark.parametrize(("word", "texts"), [("信", [0, 2]), ("鼎信", [0, 2]), ("信a", [2]), ("信鼎", [])])
def test_texts_that_have_a_word_are_told_and_words_do_not_go_on_in_the_next_text(word: str, texts: list[int]) -> None:
    signs = Signs(TEXTS)
    assert np.flatnonzero(signs.having(signs.positions(word))).tolist() == texts


def test_signs_are_told_by_a_table() -> None:
    assert "".join(map(chr, np.flatnonzero(these("海上a")).tolist())) == "a上海"
