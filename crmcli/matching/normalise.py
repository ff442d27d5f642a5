"""Written variants of a text -> one text to compare, every distinct value once."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, partial
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from crmcli.domain.values.text import simplify_all, traditional
from crmcli.matching.signs import these

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

Value = TypeVar("Value")
UNKNOWN = -1
# what parts texts that are folded together: it is no space, no sign and no letter to any rule of folding
_APART = "\x00"
_STAND_IN = "\x01"
# so many texts are worth a look at all their signs at once, so many are looked at together
_FEW, _TOGETHER = 1_000, 50_000
_PLAIN_ASCII = "()0123456789abcdefghijklmnopqrstuvwxyz"

# in the order in which they are done, text by text: many signs at once would each be looked up
_PLAIN = (("'", ""), *((sign, "(") for sign in "[{【〔<《"), *((sign, ")") for sign in "]}】〕>》"), ("_", " "))
_PUNCTUATION = re.compile(r"[^\w()&\s\x00]")
_SPACES = re.compile(r"\s+")
_SPACE_AT_CHINESE = re.compile(r" (?=[^\x00-\x7f]|[()\x00])| (?<=(?:[^\x00-\x7f]|[()\x00]) )")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_DIGITS = re.compile(r"\d+")
_WRITTEN_NUMERALS = "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖两"
_NUMERALS = str.maketrans(_WRITTEN_NUMERALS, "001234567891234567892")
_NUMERAL = re.compile(f"[{_WRITTEN_NUMERALS}]")
_ANY_DIGIT = re.compile(rf"[\d{_WRITTEN_NUMERALS}]")


def fold(text: str) -> str:
    """Return `text` in NFKC, simplified characters and lower case, punctuation gone, brackets as "()".

    Spaces stay between Latin words only. Unlike the key of exact names (domain.values.text.fold), brackets and words
    stay, because a name is taken apart at them.

    >>> fold("中國投資（香港）有限公司"), fold("Best-Buy, Inc. ")
    ('中国投资(香港)有限公司', 'best buy inc')
    """
    return fold_all((text,))[0]


def fold_all(texts: Iterable[str]) -> list[str]:
    """Return every text folded, in order; many at once, those that are folded already need no look."""
    whole = list(texts)
    if len(whole) < _FEW:
        return _folded(whole)
    for start in range(0, len(whole), _TOGETHER):
        rows = [start + row for row in _not_plain(whole[start : start + _TOGETHER])]
        for row, text in zip(rows, _folded([whole[row] for row in rows]), strict=True):
            whole[row] = text
    return whole


def _not_plain(texts: list[str]) -> list[int]:
    """Return which texts have anything but signs that are folded to themselves wherever they stand."""
    import numpy as np

    joined = _APART.join(texts)
    if joined.count(_APART) >= len(texts):
        return [*range(len(texts))]
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    odd = (~_plain_signs()[signs]).nonzero()[0]
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    rows = np.searchsorted((lengths + 1).cumsum(), odd, side="right")
    found: list[int] = np.unique(rows).tolist()
    return found


@cache
def _plain_signs() -> NDArray[np.bool_]:
    """Return for every sign there is whether it is folded to itself wherever it stands; so is what parts texts."""
    hanzi = set(map(chr, range(ord("\u4e00"), ord("\u9fa5") + 1)))
    return these((hanzi - traditional()).union(_PLAIN_ASCII, _APART))


def _folded(texts: list[str]) -> list[str]:
    """Return every text folded: what is done to signs is done to one long text, which is much faster."""
    marked = (text.replace(_APART, _STAND_IN) if _APART in text else text for text in texts)
    plain = _APART.join(("", *simplify_all([*map(partial(unicodedata.normalize, "NFKC"), marked)]))).lower()
    for sign, meant in _PLAIN:
        plain = plain.replace(sign, meant)
    plain = _SPACES.sub(" ", _PUNCTUATION.sub(" ", plain))
    folded = _SPACE_AT_CHINESE.sub("", plain).strip(" ").split(_APART)[1:]
    return list(simplify_all(folded))  # 乾.燥 is a word only now


def numerals_to_digits(text: str) -> str:
    """Return `text` with Chinese numerals as digits: 第三 and 第3 are the same."""
    return text.translate(_NUMERALS) if _NUMERAL.search(text) else text


def digits_of(text: str) -> str:
    """Return all digits in `text` in order, Chinese numerals included; "" when there are none.

    五金 (hardware) is a trade and no number.

    >>> digits_of("第三五金机械厂2")
    '32'
    """
    if not _ANY_DIGIT.search(text):
        return ""
    return "".join(_DIGITS.findall(numerals_to_digits(text.replace("五金", ""))))


def is_chinese(text: str) -> bool:
    """Return whether `text` has a Chinese character."""
    return not text.isascii() and bool(_CHINESE.search(text))


def encode(values: Sequence[Value], unknown: Value) -> tuple[Codes, list[Value]]:
    """Return a code per value and the distinct values that the codes point at; `unknown` has the code -1.

    Codes follow the order of first occurrence.
    """
    import numpy as np

    code_of: defaultdict[Value, int] = defaultdict(count().__next__, {unknown: UNKNOWN})
    codes = np.fromiter(map(code_of.__getitem__, values), dtype=np.int64, count=len(values))
    del code_of[unknown]
    return codes, list(code_of)


@cache
def _readings() -> dict[int, str]:
    """Return code point -> readings with tones; the package itself would load its phrases too, which takes longer."""
    package = find_spec("pypinyin")
    spec = PathFinder.find_spec("pinyin_dict", package.submodule_search_locations) if package else None
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("pypinyin.pinyin_dict")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    readings: dict[int, str] = module.pinyin_dict
    return readings


@cache
def _syllable(character: str) -> str:
    readings = _readings().get(ord(character))
    if readings is None:
        return character
    signs = unicodedata.normalize("NFD", readings.partition(",")[0]).replace("u\u0308", "v")
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def pinyin_of(text: str) -> str:
    """Return how `text` sounds, character by character, tones left out; it may find candidates, never decide."""
    return " ".join(map(_syllable, text))
