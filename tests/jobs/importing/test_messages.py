from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crmcli.config.settings import Messages
from crmcli.domain.settle import Mode
from crmcli.jobs.importing.message_reading import NoTimes
from crmcli.jobs.journal.undo import undo_run

CONTACTS = [
    ("UserName", "Alias", "Remark", "NickName"),
    ("wxid_a", "zhangsan88", "张三-华东精密科技-13800000000", "三哥"),
    ("wxid_b", "", "李四", "小李"),
    ("wxid_c", "", "李四", "老李"),
]
HEADER = ("talker", "is_sender", "time", "content", "type", "remark")
MAP = {
    "talker": "message.talker", "is_sender": "message.is_sender", "time": "message.at", "content": "message.text",
    "type": "message.type", "remark": "message.remark",
}  # fmt: skip
CHAT = [
    ("wxid_a", "0", "2024-03-05 10:00:00", "你好", "1", ""),
    ("wxid_a", "1", "2024-03-05 10:01:00", "报价发你了，12万", "1", ""),
    ("wxid_a", "0", "2024-04-01 09:00:00", "收到", "1", ""),
]


@pytest.fixture(autouse=True)
def _contacts(desk: Any) -> None:
    desk.load(desk.csv("contacts.csv", *CONTACTS))


def chat(desk: Any, *rows: tuple[str, ...], name: str = "聊天记录.csv", header: Any = HEADER, **more: Any) -> Any:
    named = {key: MAP[key] for key in header if key in MAP} | more.pop("map", {})
    return desk.load(desk.csv(name, header, *rows), kind="message", map=named, **more).sheets[0]


def settings(desk: Any, **more: Any) -> None:
    messages = Messages.model_validate(more)
    desk.workspace = replace(desk.workspace, settings=desk.workspace.settings.model_copy(update={"messages": messages}))


def counts(result: Any) -> dict[str, int]:
    return {key: number for key, number in result.tally.counts.items() if number}


def told(desk: Any) -> list[str]:
    return [record["text"] for record in desk.records("activity")]


def test_a_chat_becomes_a_follow_up_a_month_and_no_text_stays(desk: Any) -> None:
    outcome = chat(desk, *CHAT)
    assert (counts(outcome), dict(outcome.tally.records)) == ({"new": 3}, {"activity": 2})
    assert told(desk) == [
        "微信聊天 2 条（我发 1，对方发 1）：3月5日 10:00 至 3月5日 10:01，末条是我发的",
        "微信聊天 1 条（对方发 1）：4月1日 09:00",
    ]
    first = desk.records("activity")[0]
    assert (first["at"], first["type"], first["contact_id"]) == ("2024-03-05T10:01:00+08:00", "微信", 1)
    assert first["customer_id"] == desk.one("customer")["id"]
    stored = "".join(str(row) for row in desk.db.rows("SELECT cells, said FROM source_row"))
    assert "收到" not in stored
    assert "收到".encode() not in Path(desk.db.path).read_bytes()


def test_the_same_file_again_changes_nothing(desk: Any) -> None:
    chat(desk, *CHAT)
    before = desk.dump()
    assert counts(chat(desk, *CHAT, name="again.csv")) == {"same": 3}
    assert counts(chat(desk, *reversed(CHAT), name="shuffled.csv")) == {"same": 3}
    assert desk.dump() == before


def test_half_then_whole_is_the_whole(desk: Any, new_desk: Any) -> None:
    longer = [*CHAT, ("wxid_a", "1", "2024-04-02 09:00:00", "好", "1", "")]
    chat(desk, *longer[:1])
    assert counts(chat(desk, *longer)) == {"updated": 2, "new": 2}
    other = new_desk()
    other.load(other.csv("contacts.csv", *CONTACTS))
    chat(other, *longer)
    assert desk.dump() == other.dump()


def test_pages_of_one_chat_add_up(desk: Any) -> None:
    pages = [desk.csv(f"wxid_a_{i}_{i + 1}.csv", HEADER, row) for i, row in enumerate(CHAT)]
    result = desk.load(*pages, kind="message", map=MAP)
    assert [counts(sheet) for sheet in result.sheets] == [{"new": 1}, {"updated": 1}, {"new": 1}]
    assert told(desk)[0].startswith("微信聊天 2 条（我发 1，对方发 1）")


def test_undo_brings_back_what_was_told_before(desk: Any) -> None:
    chat(desk, *CHAT[:1])
    before = desk.dump()
    run = desk.load(desk.csv("longer.csv", HEADER, *CHAT), kind="message", map=MAP).run
    assert undo_run(desk.at(1), run).kept == []
    assert desk.dump() == before


def test_a_stranger_is_listed_and_no_contact_is_made(desk: Any) -> None:
    outcome = chat(desk, *CHAT, ("wxid_z", "0", "2024-03-05 10:00:00", "你好", "1", "王五"))
    assert counts(outcome) == {"new": 3, "skipped": 1}
    (listed,) = outcome.tally.listed
    assert (listed.row, listed.value, listed.code) == (5, "王五", "message.unknown_contact")
    assert len(desk.records("contact")) == 3


def test_a_remark_that_one_contact_has_says_who_it_is(desk: Any) -> None:
    outcome = chat(desk, ("wxid_new", "0", "2024-03-05 10:00:00", "你好", "1", "张三"))
    assert (counts(outcome), desk.one("activity")["contact_id"]) == ({"new": 1}, 1)
    phone = chat(desk, ("wxid_two", "0", "2024-05-05 10:00:00", "你好", "1", "老张 13800000000"))
    assert (counts(phone), desk.records("activity")[1]["contact_id"]) == ({"new": 1}, 1)


def test_a_name_that_two_contacts_have_means_neither(desk: Any) -> None:
    outcome = chat(desk, ("wxid_new", "0", "2024-03-05 10:00:00", "你好", "1", "李四"))
    assert (counts(outcome), outcome.tally.listed[0].message.args["k"]) == ({"skipped": 1}, 2)


def test_the_wechat_number_says_who_it_is_too(desk: Any) -> None:
    assert counts(chat(desk, ("zhangsan88", "0", "1709604000", "你好", "1", ""))) == {"new": 1}


def test_groups_accounts_and_system_messages_are_skipped_and_told(desk: Any) -> None:
    times = "2024-03-05 10:00:00"
    rows = [(who, "0", times, "x", kind, "") for who, kind in
            (("1@chatroom", "1"), ("gh_1", "1"), ("filehelper", "1"), ("wxid_a", "10000"))]  # fmt: skip
    outcome = chat(desk, *rows, *CHAT)
    assert counts(outcome) == {"new": 3, "skipped": 4}
    assert [str(note) for note in outcome.tally.notes] == [
        "official and system accounts: 2 messages are left out",
        "group chats: 1 messages are left out",
        "system messages: 1 are left out",
    ]


def test_a_message_without_a_time_is_rejected_by_row(desk: Any) -> None:
    result = desk.load(
        desk.csv("chat.csv", HEADER, *CHAT, ("wxid_a", "0", "昨天", "你好", "1", "")), kind="message", map=MAP
    )
    assert counts(result.sheets[0]) == {"new": 3, "rejected": 1}
    (rejected,) = result.rejections
    assert (rejected.row, rejected.header, rejected.value, rejected.code) == (5, "time", "昨天", "message.no_time")


def test_a_column_that_holds_no_times_refuses_the_file(desk: Any) -> None:
    with pytest.raises(NoTimes, match="报价"):
        chat(desk, *[("wxid_a", "0", "报价", "1", "1", "")] * 200)
    with pytest.raises(NoTimes, match="no column"):
        chat(desk, ("wxid_a", "0"), header=("talker", "is_sender"))
    assert desk.records("activity") == []


def test_a_rule_keeps_messages_with_their_time_and_author(desk: Any) -> None:
    settings(desk, me=["王芳"], notes=["报价", r"#记\b"])
    outcome = chat(desk, *CHAT, ("wxid_a", "0", "2024-04-02 09:00:00", "报价单.pdf", "49", ""))
    assert (counts(outcome), dict(outcome.tally.records)) == ({"new": 4}, {"activity": 3})
    note = desk.records("activity")[-1]
    assert [note[key] for key in ("at", "by", "text", "type")] == [
        "2024-03-05T10:01:00+08:00", "王芳", "报价发你了，12万", "微信"
    ]  # fmt: skip
    assert {record["by"] for record in desk.records("activity")} == {"王芳"}
    assert counts(chat(desk, *CHAT)) == {"same": 3}


def test_a_rule_made_later_brings_its_notes(desk: Any) -> None:
    chat(desk, *CHAT)
    settings(desk, notes=["收到"])
    outcome = chat(desk, *CHAT)
    assert (counts(outcome), dict(outcome.tally.records)) == ({"same": 2, "new": 1}, {"activity": 1})
    assert desk.records("activity")[-1]["by"] == desk.records("contact")[0]["name"]


def test_a_chat_without_ids_is_with_whom_its_file_is_named_for(desk: Any) -> None:
    header = ("time", "content", "who")
    rows = [("2024-03-05 10:00:00", "你好", "张三"), ("2024-03-05 10:01:00", "在", "王芳")]
    outcome = chat(desk, *rows, name="张三.csv", header=header, map={"who": "message.sender"})
    assert counts(outcome) == {"new": 2}
    assert told(desk) == ["微信聊天 2 条（方向不明 2）：3月5日 10:00 至 3月5日 10:01"]
    settings(desk, me=["王芳"])
    again = chat(desk, *rows, name="张三.csv", header=header, map={"who": "message.sender"})
    assert counts(again) == {"updated": 2}
    assert told(desk)[0].startswith("微信聊天 2 条（我发 1，对方发 1）")


def test_skip_leaves_what_is_known_alone(desk: Any) -> None:
    chat(desk, *CHAT[:1])
    assert counts(chat(desk, *CHAT[:2], on_match=Mode.SKIP)) == {"same": 2}
    assert told(desk) == ["微信聊天 1 条（对方发 1）：3月5日 10:00"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "张三_utf8.csv",
            [
                "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender",
                "1,10,1,0,0,1709604000,0,你好,2024-03-05 10:00:00,张三-华东精密科技-13800000000,三哥,wxid_a",
                "2,10,1,0,1,1709604060,0,在,2024-03-05 10:01:00,,我,wxid_me",
            ],
        ),
        (
            "张三.csv",
            [
                "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息",
                "1,文本,张三,2024-03-05 10:00:00,你好,张三,三哥,",
                "2,文本,王芳,2024-03-05 10:01:00,在,,王芳,",
            ],
        ),
        (
            "wxid_a_0_5000.csv",
            [
                "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime",
                "1,7001,文本,0,wxid_a,wxid_a,你好,,2024-03-05 10:00:00",
                "2,7002,文本,1,我,wxid_a,在,,2024-03-05 10:01:00",
            ],
        ),
        (
            "chatlog.csv",
            [
                "Time,SenderName,Sender,TalkerName,Talker,Content",
                "2024-03-05 10:00:00,三哥,wxid_a,三哥,wxid_a,你好",
                "2024-03-05 10:01:00,我,wxid_me,三哥,wxid_a,在",
            ],
        ),
    ],
)
def test_the_exports_in_circulation_say_the_same(desk: Any, name: str, rows: list[str]) -> None:
    settings(desk, me=["王芳"])
    outcome = desk.load(desk.csv(name, *(row.split(",") for row in rows))).sheets[0]
    assert (counts(outcome), outcome.planned.mapping.kind) == ({"new": 2}, "message")
    (kept,) = desk.records("activity")
    assert kept["text"] == "微信聊天 2 条（我发 1，对方发 1）：3月5日 10:00 至 3月5日 10:01，末条是我发的"
    assert kept["contact_id"] == 1
