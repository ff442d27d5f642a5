from __future__ import annotations

import random
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from crmcli.domain.messages import ACCOUNT, GROUP, SYSTEM, Conversation, Ledger, Span, Voice

CHINA = ZoneInfo("Asia/Shanghai")
MARCH = 1709604000  # 2024-03-05 10:00:00
APRIL = 1712282400  # 2024-04-05 10:00:00
Message = tuple[Voice, int | None]


def heard(*messages: Message, me: Sequence[str] = ()) -> Ledger:
    ledger = Ledger(me, CHINA)
    ledger.add([voice for voice, _ in messages], [second for _, second in messages], range(2, len(messages) + 2))
    return ledger


def only(ledger: Ledger) -> Conversation:
    (chat,) = ledger.chats()
    return chat


def test_messages_are_counted_by_month_and_side() -> None:
    theirs, mine = Voice("wxid_a", mine=False), Voice("wxid_a", mine=True)
    chat = only(heard((theirs, MARCH), (mine, MARCH + 60), (theirs, APRIL)))
    assert chat.spans == {
        "2024-03": Span(MARCH, MARCH + 60, sent=1, received=1, mine=True, row=3),
        "2024-04": Span(APRIL, APRIL, received=1, mine=False, row=4),
    }
    assert chat.count == 3


def test_a_month_begins_where_the_zone_says() -> None:
    midnight = 1709222400  # 2024-03-01 00:00:00 in China, still February in London
    chat = only(heard((Voice("wxid_a"), midnight - 1), (Voice("wxid_a"), midnight)))
    assert sorted(chat.spans) == ["2024-02", "2024-03"]


def test_the_order_of_rows_does_not_matter() -> None:
    voices = [Voice("wxid_a", mine=True), Voice("wxid_a", mine=False), Voice("wxid_a"), Voice("wxid_b", mine=False)]
    messages: list[Message] = [(voices[i % 4], MARCH + i % 7) for i in range(40)]
    shuffled = random.Random(1).sample(messages, len(messages))
    told = [
        [
            (c.key, s.first, s.last, s.sent, s.received, s.unknown, s.mine)
            for c in ledger.chats()
            for s in c.spans.values()
        ]
        for ledger in (heard(*messages), heard(*shuffled))
    ]
    assert told[0] == told[1]


def test_messages_without_a_time_are_given_back() -> None:
    ledger = Ledger([], CHINA)
    voice = Voice("wxid_a", mine=True)
    assert ledger.add([voice] * 4, [None, MARCH, -(10**9), 10**10], [2, 3, 4, 5]) == [0, 2, 3]
    assert (only(ledger).count, ledger.dated) == (1, True)


@pytest.mark.parametrize(
    ("voice", "why"),
    [
        (Voice("1@chatroom"), GROUP),
        (Voice("wxid_a", room="1@chatroom"), GROUP),
        (Voice("25984@im.chatroom"), GROUP),
        (Voice(room="@@12ab"), GROUP),
        (Voice("gh_123"), ACCOUNT),
        (Voice("filehelper"), ACCOUNT),
        (Voice("wxid_a", type="10000"), SYSTEM),
        (Voice("wxid_a", type="系统通知"), SYSTEM),
        (Voice("wxid_a", type="拍一拍"), SYSTEM),
    ],
)
def test_what_is_no_contact_is_left_out_and_counted(voice: Voice, why: str) -> None:
    ledger = heard((voice, MARCH), (voice, None))
    assert (list(ledger.chats()), dict(ledger.left_out)) == ([], {why: 2})


@pytest.mark.parametrize(
    ("voice", "me", "mine"),
    [
        (Voice("wxid_a", sender="wxid_a"), [], False),
        (Voice("wxid_a", sender="wxid_me"), [], True),
        (Voice("wxid_a", sender="wxid_me"), ["王芳"], True),
        (Voice("wxid_a", sender="jackma", nickname="我"), [], True),
        (Voice("wxid_a", sender="Jackson"), [], None),
        (Voice("wxid_a", sender="我"), [], True),
        (Voice(sender="王芳"), ["王芳"], True),
        (Voice(sender="张三"), ["王芳"], False),
        (Voice(sender="张三"), [], None),
        (Voice("wxid_a", room="wxid_a"), [], False),
        (Voice("我", room="wxid_a"), [], True),
        (Voice("wxid_a", mine=True, sender="wxid_a"), [], True),
        (Voice("wxid_a"), ["王芳"], None),
    ],
)
def test_who_wrote_a_message(voice: Voice, me: list[str], mine: bool | None) -> None:
    assert Ledger(me, CHINA).part(voice).mine is mine


def test_a_number_of_the_files_own_is_no_id_and_the_senders_says_who_it_is() -> None:
    theirs = Voice("10", sender="wxid_a", remark="张三", nickname="三哥", mine=False)
    mine = Voice("10", sender="wxid_me", remark="我", mine=True)
    chat = only(heard((theirs, MARCH), (mine, MARCH)))
    assert (chat.named, chat.ids(), chat.names(["某某"])) == (False, ["10", "wxid_a"], ["张三", "三哥", "某某"])


def test_two_others_in_one_chat_make_a_group() -> None:
    ledger = heard(*((Voice("10", sender=who, mine=False), MARCH) for who in ("wxid_a", "wxid_b")))
    assert (list(ledger.chats()), ledger.left_out[GROUP]) == ([], 2)


def test_without_me_the_files_name_says_which_of_two_is_the_partner() -> None:
    chat = only(heard((Voice(sender="张三"), MARCH), (Voice(sender="王芳"), MARCH)))
    assert (chat.ids(), chat.names(["张三"])) == ([], ["张三"])
    assert next(iter(chat.spans.values())).unknown == 2


def test_who_is_me_being_said_the_other_is_the_partner() -> None:
    chat = only(heard((Voice(sender="张三", remark="张三-华东"), MARCH), (Voice(sender="王芳"), MARCH), me=["王芳"]))
    assert chat.names() == ["张三-华东", "张三"]


def test_only_text_messages_are_text() -> None:
    ledger = Ledger([], CHINA)
    types = ["1", "文本", "", "3", "49", "图片"]
    assert [ledger.part(Voice("wxid_a", type=kind)).is_text for kind in types] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
