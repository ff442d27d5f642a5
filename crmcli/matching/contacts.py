"""Names of people taken apart: whole name and surname, titles left out."""

from __future__ import annotations

import re

from crmcli.domain.values.person import looks_like_person
from crmcli.matching.normalise import is_chinese

_TITLE_WORDS = """
总经理 董事长 副总 经理 主任 老师 先生 女士 小姐 厂长 主管 采购 店长 老板 师傅 工程师 医生 教授 总监 总 工 姐 哥
"""
_TITLES = tuple(_TITLE_WORDS.split())
_FAMILIAR = "小老阿"
_PLAIN = re.compile(r"[\u3400-\u9fff]{1,4}")
_FIRST_IN_LIST = re.compile(r"^[Aa]+[0-9]*(?=[^\x00-\x7f])")  # what puts a name first in a phone's list
_BETWEEN = re.compile(r"[^\w]+|[0-9_]+")


def person_written(text: str) -> str:
    """Return the part of a written contact that names a person; the text itself where no part does.

    What a nickname or remark packs around it goes: letters and digits that put it first in a list, signs, a firm.

    >>> [person_written(t) for t in ("A000张三", "张三-华东精密", "🌸李四🌸", "AAA建材王姐", "王建国")]
    ['张三', '张三', '李四', 'AAA建材王姐', '王建国']
    """
    if _PLAIN.fullmatch(text) or not is_chinese(text):
        return text
    parts = _BETWEEN.split(_FIRST_IN_LIST.sub("", text))
    return next((part for part in parts if looks_like_person(_without_title(part))), text)


def whole_name(text: str) -> str:
    """Return a folded person's name without title; "" when only a surname remains.

    >>> whole_name("王建国经理"), whole_name("王总")
    ('王建国', '')
    """
    name = _without_title(text)
    only_surname = len(name) < 2 or (len(name) == 2 and name[0] in _FAMILIAR)  # noqa: PLR2004 - 王, 小李
    return "" if is_chinese(text) and only_surname else name


def surname(text: str) -> str:
    """Return what a folded Chinese name begins with, its surname; "" for others.

    >>> surname("王总"), surname("小李")
    ('王', '李')
    """
    familiar = len(text) == 2 and text[0] in _FAMILIAR  # noqa: PLR2004 - 小李, 老王
    return text[familiar : familiar + 1] if is_chinese(text[:1]) else ""


def _without_title(text: str) -> str:
    if not text.endswith(_TITLES):
        return text
    for title in _TITLES:
        if text.endswith(title) and len(text) > len(title):
            return text.removesuffix(title)
    return text
