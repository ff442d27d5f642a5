"""Written yes and no -> bool."""

from __future__ import annotations

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.text import halfwidth

register(**{"boolean.invalid": "{text} is neither yes nor no"})

_YES_WORDS = "是 对 有 真 在职 启用 在售 已 y yes true t on 1 1.0 √ ✓ ✔ ☑"
_NO_WORDS = "否 不是 非 假 离职 已离职 停用 禁用 停售 未 n no false f off 0 0.0 × ✗ ✘ ☐"
_YES, _NO = frozenset(_YES_WORDS.split()), frozenset(_NO_WORDS.split())


def parse_boolean(text: str) -> bool | Problem:
    """Return True for 是, yes, true, 1 and their like, False for 否, no, false, 0 and theirs."""
    value = halfwidth(text).casefold()
    if value in _YES or value in _NO:
        return value in _YES
    return Problem("boolean.invalid", text)
