from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CONTACTS = {
    4: "UserName,Alias,Remark,NickName",
    9: "UserName,Alias,Type,Remark,NickName,PYInitial,RemarkPYInitial,smallHeadImgUrl,bigHeadImgUrl",
    13: "UserName,Alias,Type,Remark,NickName,smallHeadImgUrl,bigHeadImgUrl,label,gender,signature,country/region,"
    "province,city",
    16: "UserName,Alias,Type,Remark,NickName,PYInitial,RemarkPYInitial,smallHeadImgUrl,bigHeadImgUrl,label,gender,"
    "telephone,signature,country/region,province,city",
}
MESSAGES = {
    "wechat_messages": (
        "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender",
        [
            "1",
            "7",
            "1",
            "0",
            "0",
            "1704074400",
            "2",
            '他说"好",\n明天签',
            "2024-01-01 10:00:00",
            "张三",
            "阿三",
            "wxid_a",
        ],
        {"talker": "7", "sender": "wxid_a", "at": "1704074400", "type": "1", "remark": "张三", "nickname": "阿三"},
    ),
    "memotrace_messages": (
        "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息",
        ["9", "文本", "张三", "2024-01-01 10:00:00", "好\n的", "张三", "阿三", ""],
        {"sender": "张三", "at": "2024-01-01 10:00:00", "type": "文本", "remark": "张三", "nickname": "阿三"},
    ),
    "pywxdump_messages": (
        "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime",
        ["1", "88", "文本", "0", "wxid_a", "wxid_a", "在吗", "", "2024-01-01 10:00:00"],
        {"talker": "wxid_a", "room": "wxid_a", "at": "2024-01-01 10:00:00", "type": "文本"},
    ),
    "chatlog_messages": (
        "Time,SenderName,Sender,TalkerName,Talker,Content",
        ["2024-01-01 10:00:00", "张三", "wxid_a", "张三", "wxid_a", "在吗, 好"],
        {"talker": "wxid_a", "sender": "wxid_a", "at": "2024-01-01 10:00:00", "nickname": "张三"},
    ),
    "chatlog_sessions": (
        "UserName,NOrder,NickName,Content,NTime",
        ["wxid_a", "1704074400", "阿三", "在吗\\n好", "2024-01-01 10:00:00"],
        {"talker": "wxid_a", "at": "2024-01-01 10:00:00", "nickname": "阿三"},
    ),
    "wxpy_messages": (
        "time(Asia/Shanghai),group_id,group_name,from_id,from_nickname,content_type,content",
        ["2024-01-01 10:00:00", "g1", "老客户群", "u1", "阿三", "Text", "好"],
        {"room": "g1", "sender": "u1", "at": "2024-01-01 10:00:00", "type": "Text", "nickname": "阿三"},
    ),
}


def _row(header: str, **cells: str) -> list[str]:
    return [cells.get(name, "") for name in header.split(",")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("width", CONTACTS)
def test_contacts_of_every_version(look_csv: Callable[..., Any], width: int, encoding: str) -> None:
    header = CONTACTS[width]
    assert len(header.split(",")) == width
    own = {"NickName": "阿三", "gender": "1", "telephone": "13800000001", "label": "客户", "province": "Zhejiang"}
    seen = look_csv(
        "contact.csv",
        header,
        _row(header, UserName="wxid_a", Alias="zs88", Remark="张三-XX科技", **own),
        _row(header, UserName="123@chatroom", NickName="老客户群"),
        _row(header, UserName="gh_0a1b", NickName="某公众号"),
        _row(header, UserName="filehelper", NickName="文件传输助手"),
        encoding=encoding,
    )
    assert seen.preset == ("wechat", "contact")
    assert seen.junk == ["123@chatroom", "gh_0a1b", "filehelper"]
    (row,) = seen.rows
    assert (row["contact"]["name"], row["contact"]["external_id"], row["contact"]["wechat"]) == (
        "张三",
        "wxid_a",
        "zs88",
    )
    assert row["customer"] == {"name": "XX科技"}
    assert row["contact"].get("phones", []) == (["+8613800000001"] if "telephone" in header else [])
    assert seen.extra[0].get("gender") == ("男" if "gender" in header else None)


def test_a_contact_without_remark_makes_no_customer(crm: Any) -> None:
    header = CONTACTS[4]
    file = crm.write(
        "contact.csv", header, "wxid_a,,,阿三", "wxid_b,,李四-苏州精工科技-13800000002,小李", "1@chatroom,,,群"
    )
    (sheet,) = crm("import", file, "--json").json["sheets"]
    assert (sheet["new"], sheet["skipped"], sheet["records"]) == (2, 1, {"contact": 2, "customer": 1})
    names = [(contact["name"], contact["customer"]) for contact in crm("contact", "list", "--json").json]
    assert names == [("阿三", None), ("李四", "苏州精工科技")]


@pytest.mark.parametrize("preset", MESSAGES)
def test_messages(look_csv: Callable[..., Any], preset: str) -> None:
    header, row, fields = MESSAGES[preset]
    seen = look_csv("messages.csv", header, row, encoding="utf-8-sig")
    assert seen.preset == (preset, "message")
    (message,) = (parts["message"] for parts in seen.rows)
    assert {key: message[key] for key in fields} == fields
    assert message["text"]


def test_of_two_versions_the_longer_is_the_reason(look_csv: Callable[..., Any]) -> None:
    header, row, _fields = MESSAGES["wechat_messages"]
    assert "Sender" in str(look_csv("a.csv", header, row).mapping.why)
    older = look_csv("b.csv", header.rpartition(",Remark")[0], row[:9])
    assert older.preset == ("wechat_messages", "message")
    assert "Sender," not in str(older.mapping.why).replace("IsSender,", "")


def test_chatlogs_groups_are_no_customers(look_csv: Callable[..., Any]) -> None:
    seen = look_csv("groups.csv", "Name,Remark,NickName,Owner,UserCount", "1@chatroom,,老客户群,wxid_a,35")
    assert seen.preset[0] == "chatlog_groups"
    assert str(seen.mapping.refusal) == "chatlog 群聊: this holds no customers, contacts or deals"
