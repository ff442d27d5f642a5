from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from crmcli.domain.message_summaries import changes_to, joined, span_of, summary, together
from crmcli.domain.messages import Span

CHINA = ZoneInfo("Asia/Shanghai")
START = 1709604000  # 2024-03-05 10:00:00
CONTACT = {"id": 7, "customer_id": 3}
WHOLE = Span(START, START + 86400, sent=5, received=7, mine=False)


def test_a_span_is_kept_as_a_follow_up_at_its_last_message() -> None:
    kept = summary(WHOLE, CONTACT, "王芳", CHINA)
    assert (kept["customer_id"], kept["contact_id"], kept["type"], kept["by"]) == (3, 7, "微信", "王芳")
    assert kept["at"] == "2024-03-06T10:00:00+08:00"
    assert kept["text"] == "微信聊天 12 条（我发 5，对方发 7）：3月5日 10:00 至 3月6日 10:00，末条是对方发的"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(START, START, received=1, mine=False), "微信聊天 1 条（对方发 1）：3月5日 10:00"),
        (Span(START, START + 5, unknown=3), "微信聊天 3 条（方向不明 3）：3月5日 10:00"),
    ],
)
def test_what_is_unknown_is_not_said(span: Span, text: str) -> None:
    assert summary(span, CONTACT, None, CHINA)["text"] == text


@pytest.mark.parametrize("span", [WHOLE, Span(START, START, unknown=2), Span(START, START + 1, sent=1, mine=True)])
def test_a_kept_span_comes_back(span: Span) -> None:
    kept = summary(span, CONTACT, None, CHINA)
    assert span_of(kept) == span
    assert changes_to(kept, span, None, CHINA) == {}


def test_the_same_half_then_whole_are_the_whole() -> None:
    half = Span(START, START + 3600, sent=2, received=1, mine=True)
    for parts in permutations([half, WHOLE, WHOLE]):
        assert joined(joined(parts[0], parts[1]), parts[2]) == WHOLE


def test_pages_that_follow_each_other_add_up_and_again_change_nothing() -> None:
    first, second = Span(START, START + 10, sent=2, mine=True), Span(START + 11, START + 20, received=3, mine=False)
    both = Span(START, START + 20, sent=2, received=3, mine=False)
    assert joined(first, second) == joined(second, first) == both
    assert joined(both, first) == joined(both, second) == both


def test_two_chats_with_one_contact_count_together() -> None:
    assert together(WHOLE, WHOLE) == replace(WHOLE, sent=10, received=14)


def test_a_longer_export_changes_time_text_and_numbers_and_leaves_the_rest() -> None:
    kept = summary(WHOLE, CONTACT, None, CHINA) | {"id": 1}
    kept["extra"]["备注"] = "留着"
    changes = changes_to(kept, replace(WHOLE, last=START + 90000, received=8), "王芳", CHINA)
    assert sorted(changes) == ["at", "by", "extra", "text"]
    assert (changes["extra"]["备注"], changes["extra"]["对方发"], changes["by"]) == ("留着", "8", "王芳")
