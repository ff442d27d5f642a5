"""Numbers in Chinese names, written one way: 第十二 and 第12, 壹号 and 1号, 3全 and 三全."""

from __future__ import annotations

import re

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")  # 陆, 伍 are surnames, 玖 is in brands
_FORMAL_COUNTED = re.compile(r"(?<=第)[壹贰叁肆伍陆柒捌玖拾]+|[壹贰叁肆伍陆柒捌玖拾]+(?=[号期])")
_DIGIT_OF = {c: i for i, c in enumerate("零一二三四五六七八九")}
_CHINESE = "零一二三四五六七八九十"
_COUNTERS = "号 期 局 厂 店 院 师 团 队 处 所 站 分 支 公司 工区 标段"
_COUNTED = re.compile(rf"(?<=第)[{_CHINESE}]+|[{_CHINESE}]+(?={'|'.join(_COUNTERS.split())})")
_SPELLED_OUT = re.compile(rf"[{_CHINESE[:-1]}]{{3,}}")  # digit by digit: 三六零, 一九一九
# the digit stands before what must not stand before it: the search for it is faster so
_ONE_DIGIT = re.compile(r"[0-9](?<![\x21-\x7e][0-9])(?<!第[0-9])(?![\x21-\x7e])")
_ANY = re.compile(rf"[〇{_CHINESE}壹贰叁肆伍陆柒捌玖拾]")
_COUNTER = re.compile("|".join(_COUNTERS.split()))


def with_numbers_alike(text: str) -> str:
    """Return a folded Chinese name with counted numbers as digits and single digits elsewhere as numerals.

    >>> with_numbers_alike("第十二工程处"), with_numbers_alike("贰号基金"), with_numbers_alike("3全食品")
    ('第12工程处', '2号基金', '三全食品')
    """
    return _ONE_DIGIT.sub(_as_numeral, _counted(text) if _ANY.search(text) else text)


def _counted(text: str) -> str:
    """Return a name with those of its Chinese numerals as digits that count or are spelled out."""
    plain = _FORMAL_COUNTED.sub(lambda found: found[0].translate(_FORMAL), text.replace("〇", "零"))
    counted = _COUNTED.sub(lambda found: _value(found[0]), plain)
    return _SPELLED_OUT.sub(lambda found: "".join(str(_DIGIT_OF[c]) for c in found[0]), counted)


def _as_numeral(found: re.Match[str]) -> str:
    counted = _COUNTER.match(found.string, found.end())
    return found[0] if counted else _CHINESE[int(found[0])]


def _value(numeral: str) -> str:
    """Return the digits of 十二 (12), 二十 (20) or 一二 (12)."""
    if "十" not in numeral:
        return "".join(str(_DIGIT_OF[c]) for c in numeral)
    tens, _, ones = numeral.partition("十")
    if any(c == "十" for c in ones) or len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(10 * (_DIGIT_OF[tens] if tens else 1) + (_DIGIT_OF[ones] if ones else 0))
