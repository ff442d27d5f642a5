"""Names of people taken apart: whole name and surname, titles left out."""

from __future__ import annotations

from crmcli.matching.normalise import is_chinese

_TITLE_WORDS = """
总经理 董事长 副总 经理 主任 老师 先生 女士 小姐 厂长 主管 采购 店长 老板 师傅 工程师 医生 教授 总监 总 工 姐 哥
"""
_TITLES = tuple(_TITLE_WORDS.split())


def whole_name(text: str) -> str:
    """Return a folded person's name without title; "" when only a surname remains.

    >>> whole_name("王建国经理"), whole_name("王总")
    ('王建国', '')
    """
    name = _without_title(text)
    return "" if is_chinese(text) and len(name) < 2 else name  # noqa: PLR2004 - a surname and a given name


def surname(text: str) -> str:
    """Return what a folded Chinese name begins with, its surname; "" for others."""
    return text[:1] if is_chinese(text[:1]) else ""


def _without_title(text: str) -> str:
    for title in _TITLES:
        if text.endswith(title) and len(text) > len(title):
            return text.removesuffix(title)
    return text
