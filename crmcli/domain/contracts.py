"""What a contract's status and days say: whether it is in force, and whether it was ever one.

Source: words that sales teams' own registers and the exports of the named systems use.
"""

from __future__ import annotations

from crmcli.domain.values.text import fold

_VOID = "作废 已作废 无效 取消 已取消 撤销 已撤销 驳回 已驳回 void voided cancelled canceled rejected"
_OVER = (
    "终止 已终止 提前终止 中止 解除 已解除 完成 已完成 完结 已完结 履行完毕 已履行 执行完毕 到期 已到期 过期 已过期"
    " 结束 已结束 关闭 已关闭 terminated expired completed finished closed ended"
)
_VOIDED = frozenset(fold(word) for word in _VOID.split())
_ENDED = frozenset(fold(word) for word in _OVER.split())
_DAY = len("2026-03-05")


def is_void(status: str | None) -> bool:
    """Return whether a contract's status says that it never counted: nothing is due by it.

    >>> is_void("已作废"), is_void("已终止"), is_void(None)
    (True, False, False)
    """
    return fold(status or "") in _VOIDED


def is_in_force(status: str | None, ends_on: str | None, today: str) -> bool:
    """Return whether a contract runs on a day (ISO): its last day counts; one whose end nobody knows runs on.

    >>> is_in_force("履行中", "2026-06-30", "2026-06-30"), is_in_force("履行中", "2026-06-29", "2026-06-30")
    (True, False)
    >>> is_in_force(None, None, "2026-06-30"), is_in_force("已终止", None, "2026-06-30")
    (True, False)
    """
    return fold(status or "") not in _VOIDED | _ENDED and (ends_on is None or ends_on[:_DAY] >= today)
