"""Written text -> the text that is meant: trimmed, unprotected, and the key that names are compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

# White space (NBSP and U+3000 among it), byte order mark, zero-width and direction marks.
_EDGE = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u2066\u2067\u2068\u2069"
    "\u3000\ufeff"
)
# Unicode blocks of Chinese characters: radicals to unified ideographs, compatibility ones, the planes beyond
_HANZI = ((0x2E80, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_QUOTES = "'"

# Whole cells that say "nothing here". After NFKC and casefold, so `Ｎ／Ａ` and `—` in any width are meant too.
# Source: placeholders seen in real sheets, and Excel's error values.
PLACEHOLDERS = frozenset(
    {
        *("", "-", "--", "---", "—", "——", "–", "_", "/", "//", "\\", ".", "?", "n/a", "n.a.", "none"),
        *("null", "nil", "nan", "nat", "select", "(blank)", "(空白)", "请选择", "无", "暂无", "未知", "未填", "未填写"),
        *("不详", "没有"),
    }
)
_LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))


def clean(text: str) -> str:
    r"""Return `text` without white space, marks and protective prefixes (`'`, `="..."`) at its ends.

    >>> [clean(t) for t in ("\t13800000000\u00a0", "'0755", '="001"', "\ufeff张三\u3000", "'quoted'")]
    ['13800000000', '0755', '001', '张三', "'quoted'"]
    """
    value = text.strip(_EDGE)
    while value[:1] in {"'", "="}:
        shorter = _unprotect(value).strip(_EDGE)
        if shorter == value:
            break
        value = shorter
    return value


def _unprotect(value: str) -> str:
    if formula := _FORMULA_TEXT.fullmatch(value):
        return formula[1].replace('""', '"')
    if value.startswith(_QUOTES) and not value.endswith(_QUOTES):
        return value.lstrip(_QUOTES)
    return value


def halfwidth(text: str) -> str:
    """Return `text` cleaned and in NFKC: full-width digits, letters and brackets become ASCII.

    >>> halfwidth("１３８（上海）")
    '138(上海)'
    """
    value = clean(text)
    return value if value.isascii() else clean(unicodedata.normalize("NFKC", value))


def is_blank(text: str) -> bool:
    """Return whether a cell holds nothing: empty, or as a whole one of `PLACEHOLDERS`.

    >>> [is_blank(t) for t in ("", "－", "N/A", "Select", "未知", "未知科技")]
    [True, True, True, True, True, False]
    """
    value = clean(text)
    return len(value) <= _LONGEST_PLACEHOLDER and halfwidth(value).casefold() in PLACEHOLDERS


# Characters that simplified writing keeps in names, and OpenCC (t2s) folds into others: 昇达 is not 升达, 钜丰 not
# 巨丰.
# Source: Table of General Standard Chinese Characters (通用规范汉字表, 2013), its variant characters for names.
_OF_NAMES = frozenset("昇陞乾鉅")
# words of trades in which they are but another writing: dried food, lifts
_DRIED = "餅饼萄腐豆肉魚鱼果筍笋菜烘風风"
_DRY = "果貨货燥洗淨净糧粮混冰電电紅红酪花式鮮鲜濕湿"
_ORDINARY_WORD = re.compile(f"[{_DRIED}]乾|乾[{_DRY}]|[昇陞][降級级]|提[昇陞]")
# noncharacters, which OpenCC leaves alone
_SET_ASIDE = str.maketrans("昇陞乾鉅", "\ufdd0\ufdd1\ufdd2\ufdd3")
_BROUGHT_BACK = str.maketrans("\ufdd0\ufdd1\ufdd2\ufdd3", "昇陞乾钜")


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def traditional() -> frozenset[str]:
    """Return the characters that OpenCC writes otherwise in simplified Chinese."""
    signs = [chr(point) for first, last in _HANZI for point in range(first, last)]
    converted = str(_converter().convert("\n".join(signs))).split("\n")
    return frozenset(sign for sign, plain in zip(signs, converted, strict=True) if sign != plain)


def simplify(text: str) -> str:
    """Return `text` with traditional characters made simplified; those that firms are told apart by stay.

    >>> [simplify(name) for name in ("昇達", "鉅豐", "宏乾實業", "餅乾", "昇降機")]
    ['昇达', '钜丰', '宏乾实业', '饼干', '升降机']
    """
    if text.isascii() or traditional().isdisjoint(text):
        return text
    if _OF_NAMES.isdisjoint(text):
        return str(_converter().convert(text))
    kept = _ORDINARY_WORD.sub(lambda found: str(_converter().convert(found[0])), text).translate(_SET_ASIDE)
    return str(_converter().convert(kept)).translate(_BROUGHT_BACK)


def simplify_all(texts: Sequence[str]) -> Sequence[str]:
    """Return `simplify` of each text, much faster where few are in traditional writing."""
    changing = "".join(sorted(traditional().intersection("".join(texts))))
    if not changing:
        return texts
    changes = re.compile(f"[{changing}]").search
    return [simplify(text) if changes(text) else text for text in texts]


class _Folded(dict[int, str]):
    """Code point -> what it is compared as, "" for white space, punctuation and control characters."""

    def __missing__(self, point: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(point)).casefold()
        self[point] = "".join(c for c in plain if unicodedata.category(c)[0] not in "PZC")
        return self[point]


_FOLDED = _Folded()
_FOLDED_LINES = _Folded({ord("\n"): "\n"})


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return the key under which two names are exactly the same name.

    Differences of width, traditional and simplified writing, case, white space and punctuation vanish;
    place and legal form stay. A text of nothing but punctuation keeps it, so that it equals only itself.

    >>> fold("華東精密（上海） 有限公司") == fold("华东精密(上海)有限公司"), fold("GTX Pro") == fold("GTXPro")
    (True, True)
    """
    return simplify(unicodedata.normalize("NFC", text.translate(_FOLDED))) or text.strip(_EDGE)


def fold_all(texts: Sequence[str]) -> Sequence[str]:
    """Return `fold` of each text, much faster where most are hanzi in simplified writing, digits and small letters.

    >>> list(fold_all(["华东精密有限公司", "ABC 2", "——"]))
    ['华东精密有限公司', 'abc2', '——']
    """
    changing = "".join(sorted(sign for sign in set("".join(texts)) if not _is_folded(sign)))
    if not changing:  # the fold of "" is ""
        return texts
    changes = re.compile(f"[{re.escape(changing)}]").search
    others = [text for text in texts if changes(text)]
    folded = dict(zip(others, _folded_together(others), strict=True))
    return [folded.get(text, text) for text in texts]


def _folded_together(texts: Sequence[str]) -> Sequence[str]:
    """Return `fold` of each text; they are folded as the lines of one."""
    together = "\n".join(texts)
    if together.count("\n") >= len(texts):
        return [fold(text) for text in texts]
    lines = simplify(unicodedata.normalize("NFC", together.translate(_FOLDED_LINES))).split("\n")
    return [line or text.strip(_EDGE) for text, line in zip(texts, lines, strict=True)]


def _is_folded(sign: str) -> bool:
    """Whether a character is folded to itself wherever it stands."""
    if sign.isascii():
        return sign.isdigit() or sign.islower()
    return "\u4e00" <= sign <= "\u9fff" and sign not in traditional()
