"""Written company names -> the form they are shown in. Taking names apart belongs to matching."""

from __future__ import annotations

import re

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.text import clean

register(
    **{
        "name.masked": "{text} is a masked name: it cannot be told from others",
        "name.nobody": "{text} names nobody: fill in who is meant",
    }
)

# a part is hidden, or the whole is but an example of a name
_MASKED = re.compile(r"[*＊×●]{2,}|^(?:[xX]{2,}|某{1,3})(?:有限)?公司$")
# what people write where a name is still to come, or stands above
_NOBODY = frozenset({"待定", "待确认", "待补充", "待完善", "未定", "不明", "tbd", "同上", "同前", "〃", '"', "''"})
_SPACES = re.compile(r"\s+")
_BETWEEN_HANZI = re.compile(r"(?<=[\u3400-\u9fff）】])\s+(?=[\u3400-\u9fff（【])")
_ASCII = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WIDE = {ord(character) + 0xFEE0: character for character in _ASCII}
_TRAILING = " 。．，,；;、"


def clean_company(text: str) -> str:
    r"""Return a company's name as it is shown: trimmed, one space at most, none between hanzi, plain letters.

    >>> clean_company("\u3000华东 精密（上海）有限公司。"), clean_company("ＡＢＣ  Trading")
    ('华东精密（上海）有限公司', 'ABC Trading')
    """
    value = _SPACES.sub(" ", clean(text).translate(_WIDE))
    return clean(_BETWEEN_HANZI.sub("", value).rstrip(_TRAILING)) or clean(text)


def company_name_problem(text: str) -> Problem | None:
    """Return why a name cannot identify a company (`广州***公司`, 待定), None where it can."""
    if text.casefold() in _NOBODY:
        return Problem("name.nobody", text)
    return Problem("name.masked", text) if _MASKED.search(text) else None
