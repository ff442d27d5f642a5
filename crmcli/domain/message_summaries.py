"""A month of messages with a contact <-> the follow-up that keeps it.

The follow-up's time is the last message's; its text says how many messages went which way, from when to when. A later
export is put into it: exports that do not overlap in time add up, of overlapping ones the fuller counts. So the same
export, a longer one, or the pages of one chat give the same follow-up, in whatever order they come. Where two exports
overlap only in part, the count is the fuller one's: at least so many.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo

from crmcli.domain.messages import Span
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.chat_time import instant

CHANNEL = "微信"
# what `origin` says of a follow-up that sums a month's messages up
ORIGIN = "messages"
_FIRST, _SENT, _RECEIVED, _UNKNOWN, _LAST_BY = "首条时间", "我发", "对方发", "方向不明", "末条"
_KEPT = (_FIRST, _SENT, _RECEIVED, _UNKNOWN, _LAST_BY)
_SIDES = {True: "我", False: "对方", None: ""}


def joined(a: Span, b: Span) -> Span:
    """Return what two exports say together of one month with one contact."""
    both = together(a, b)
    if a.last < b.first or b.last < a.first:
        return both
    fuller = max(a, b, key=lambda span: (span.count, -span.unknown, span.sent))
    return replace(both, sent=fuller.sent, received=fuller.received, unknown=fuller.unknown)


def together(a: Span, b: Span) -> Span:
    """Return what two chats with one contact are together: all their messages count."""
    later = max(a, b, key=lambda span: (span.last, span.mine is False, span.mine is None, span.row))
    counts = (a.sent + b.sent, a.received + b.received, a.unknown + b.unknown)
    return Span(min(a.first, b.first), later.last, *counts, later.mine, later.row)


def summary(span: Span, contact: Record, by: str | None, zone: tzinfo) -> Record:
    """Return the follow-up that keeps a span of messages with a contact."""
    numbers = {_SENT: span.sent, _RECEIVED: span.received, _UNKNOWN: span.unknown}
    kept = {name: str(number) for name, number in numbers.items() if number}
    last_by = {_LAST_BY: _SIDES[span.mine]} if span.mine is not None else {}
    return ENTITIES["activity"].blank() | {
        "customer_id": contact["customer_id"],
        "contact_id": contact["id"],
        "type": CHANNEL,
        "at": instant(span.last, zone),
        "by": by,
        "text": _in_words(span, zone),
        "origin": ORIGIN,
        "extra": {_FIRST: instant(span.first, zone), **kept, **last_by},
    }


def span_of(record: Record) -> Span:
    """Return the span that a follow-up keeps."""
    extra = record["extra"]
    sent, received, unknown = (int(extra.get(name, 0)) for name in (_SENT, _RECEIVED, _UNKNOWN))
    mine = next((side for side, name in _SIDES.items() if name == extra.get(_LAST_BY, "")), None)
    return Span(_second(extra[_FIRST]), _second(record["at"]), sent, received, unknown, mine)


def changes_to(present: Record, span: Span, by: str | None, zone: tzinfo) -> Record:
    """Return what a follow-up that is kept must change, so that it says what a span says; {} where it does."""
    wanted = summary(span, {"id": present["contact_id"], "customer_id": present["customer_id"]}, by, zone)
    others = {name: text for name, text in present["extra"].items() if name not in _KEPT}
    changes: Record = {"at": wanted["at"], "text": wanted["text"], "extra": others | wanted["extra"]}
    if by and not present["by"]:
        changes["by"] = by
    return {key: value for key, value in changes.items() if present[key] != value}


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _in_words(span: Span, zone: tzinfo) -> str:
    """Return a span in words; they are data and stay Chinese: 微信聊天 12 条（我发 5，对方发 7）：3月1日 09:01."""
    sides = [(_SENT, span.sent), (_RECEIVED, span.received), (_UNKNOWN, span.unknown)]
    shown = "，".join(f"{name} {number}" for name, number in sides if number)
    first, last = (datetime.fromtimestamp(second, tz=zone) for second in (span.first, span.last))
    until = f" 至 {_moment(last)}" if _moment(first) != _moment(last) else ""
    ending = f"，末条是{_SIDES[span.mine]}发的" if span.mine is not None and span.count > 1 else ""
    return f"微信聊天 {span.count} 条（{shown}）：{_moment(first)}{until}{ending}"


def _moment(at: datetime) -> str:
    return f"{at.month}月{at.day}日 {at:%H:%M}"
