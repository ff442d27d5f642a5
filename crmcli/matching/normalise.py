"""Written variants of a text -> one text to compare, every distinct value once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from crmcli.domain.values.text import simplify

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

Value = TypeVar("Value")
UNKNOWN = -1

_OPENING = str.maketrans({"[": "(", "{": "(", "【": "(", "〔": "(", "<": "(", "《": "("})
_CLOSING = str.maketrans({"]": ")", "}": ")", "】": ")", "〕": ")", ">": ")", "》": ")"})
_PUNCTUATION = re.compile(r"[^\w()&\s]|_")
_SPACE_AT_CHINESE = re.compile(r"\s+(?=[^\x00-\x7f()]|[()])|(?<=[^\x00-\x7f()])\s+|(?<=[()])\s+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_DIGITS = re.compile(r"\d+")
_NUMERALS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖两", "001234567891234567892")


def fold(text: str) -> str:
    """Return `text` in NFKC, simplified characters and lower case, punctuation gone, brackets as "()".

    Spaces stay between Latin words only. Unlike the key of exact names (domain.values.text.fold), brackets and words
    stay, because a name is taken apart at them.

    >>> fold("中國投資（香港）有限公司"), fold("Best-Buy, Inc. ")
    ('中国投资(香港)有限公司', 'best buy inc')
    """
    plain = text if text.isascii() else simplify(unicodedata.normalize("NFKC", text))
    plain = plain.lower().replace("'", "").translate(_OPENING).translate(_CLOSING)
    plain = _PUNCTUATION.sub(" ", plain)
    return " ".join(_SPACE_AT_CHINESE.sub("", plain).split())


def numerals_to_digits(text: str) -> str:
    """Return `text` with Chinese numerals as digits: 第三 and 第3 are the same."""
    return text.translate(_NUMERALS)


def digits_of(text: str) -> str:
    """Return all digits in `text` in order, Chinese numerals included; "" when there are none.

    五金 (hardware) is a trade and no number.

    >>> digits_of("第三五金机械厂2")
    '32'
    """
    return "".join(_DIGITS.findall(numerals_to_digits(text.replace("五金", ""))))


def is_chinese(text: str) -> bool:
    """Return whether `text` has a Chinese character."""
    return not text.isascii() and bool(_CHINESE.search(text))


def encode(values: Sequence[Value], unknown: Value) -> tuple[Codes, list[Value]]:
    """Return a code per value and the distinct values that the codes point at; `unknown` has the code -1.

    Codes follow the order of first occurrence.
    """
    import numpy as np

    seen: dict[Value, int] = {unknown: UNKNOWN}
    codes = [seen.setdefault(value, len(seen) - 1) for value in values]
    return np.array(codes, dtype=np.int64), list(seen)[1:]


@cache
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(character))


def pinyin_of(text: str) -> str:
    """Return how `text` sounds, character by character, tones left out; it may find candidates, never decide."""
    return " ".join(_syllable(c) for c in text)
