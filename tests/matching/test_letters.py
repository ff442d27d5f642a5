"""What letters say of texts, against the texts themselves."""

from __future__ import annotations

from itertools import product

import numpy as np
from rapidfuzz.distance import OSA

from crmcli.matching.letters import edits_at_least, letters_of, may_be_within

TEXTS = ["", "华", "华东", "东华", "华东精密", "华东精蜜", "精密华东器材", "abc", "acb", "ab"]


def test_each_text_is_measured_and_the_unknown_one_has_no_letters() -> None:
    letters = letters_of(TEXTS)
    assert letters.length.tolist() == [*map(len, TEXTS), 0]
    assert letters.latin.tolist() == [*(text.isascii() for text in TEXTS), True]
    assert letters.first[2] == ord("华") << 42 | ord("东") << 21
    assert letters.last[4] == ord("精") << 21 | ord("密")
    assert letters.bag[2] == letters.bag[3] != letters.bag[4]
    assert [column[-1] for column in letters[:5]] == [0] * 5


def test_no_two_texts_are_nearer_than_their_letters_say() -> None:
    letters = letters_of(TEXTS)
    left, right = (np.array(column) for column in zip(*product(range(len(TEXTS)), repeat=2), strict=True))
    for i, j, least in zip(left, right, edits_at_least(letters, left, right), strict=True):
        assert least <= OSA.distance(TEXTS[i], TEXTS[j])


def test_the_letters_of_a_part_are_within_the_whole() -> None:
    letters = letters_of(TEXTS)
    assert may_be_within(letters.bits[2], letters.bits[6])
    assert not may_be_within(letters.bits[6], letters.bits[2])
