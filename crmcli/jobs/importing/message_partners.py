"""Whose chat it is: the known contact that a conversation is with. Chats make no contacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from re import compile as pattern

from crmcli.domain.identity import Key, external_key
from crmcli.domain.messages import Conversation
from crmcli.domain.records import Record
from crmcli.domain.values.person import remark_parts
from crmcli.domain.values.text import fold
from crmcli.store.database import Database
from crmcli.store.records import fetch, find_by_keys

# the system whose ids the contacts of a personal account have
_WECHAT = "wechat"
_PAGE = pattern(r"_[0-9]+_[0-9]+$|_utf-?8$|_gbk$|_聊天记录$")
_FOR_ALL = frozenset({"messages", "message", "msg", "chat", "聊天记录", "全部聊天记录", "消息"})


def file_names(file: str) -> list[str]:
    """Return what a chat's file says of whom it is with: its own name, else its folder's.

    >>> file_names("聊天记录/张三/张三_utf8.csv"), file_names("导出/wxid_1_0_5000.csv"), file_names("李四/messages.csv")
    (['张三'], ['wxid_1'], ['李四'])
    """
    path = PurePath(file)
    stem = _PAGE.sub("", path.stem)
    named = stem if stem.casefold() not in _FOR_ALL else path.parent.name
    return [named] if named and named.casefold() not in _FOR_ALL else []


@dataclass(slots=True)
class Partners:
    """The contacts that conversations are with, by the conversation's key.

    `unknown` are the conversations without one, each with the numbers of the contacts that it might be with: none,
    or several.
    """

    contacts: dict[str, Record] = field(default_factory=dict)
    unknown: list[tuple[Conversation, list[int]]] = field(default_factory=list)


def find_partners(db: Database, system: str, chats: Sequence[Conversation], names: Sequence[str]) -> Partners:
    """Return whom conversations are with: by an id of theirs, else by a remark or name that one contact has.

    `names` are what the file is called, where it holds one conversation only.
    """
    systems = dict.fromkeys((system, _WECHAT))
    keys = {chat.key: [key for i in _ids(chat, names) for key in _keys_of_id(i, systems)] for chat in chats}
    by_id = find_by_keys(db, "contact", (key for of_chat in keys.values() for key in of_chat))
    people = _People(db)
    partners, matched = Partners(), dict[str, int]()
    for chat in chats:
        hits = next((found for key in keys[chat.key] if (found := by_id.get(key))), [])
        hits = hits or next((found for name in chat.names(names) if (found := people.called(name))), [])
        if len(hits) == 1:
            matched[chat.key] = hits[0]
        else:
            partners.unknown.append((chat, hits))
    records = fetch(db, "contact", matched.values())
    partners.contacts = {key: records[number] for key, number in matched.items()}
    return partners


def _ids(chat: Conversation, names: Sequence[str]) -> list[str]:
    return [*chat.ids(), *(names if not chat.named else [])]


def _keys_of_id(text: str, systems: Iterable[str]) -> list[Key]:
    return [*(("external", external_key(system, text)) for system in systems), ("wechat", text)]


@dataclass
class _People:
    """The contacts by name, looked up only where an id does not say whom a chat is with."""

    db: Database

    @cached_property
    def _names(self) -> dict[str, list[int]]:
        names: dict[str, list[int]] = {}
        for row in self.db.rows("SELECT id, name FROM contact WHERE merged_into IS NULL AND name IS NOT NULL"):
            names.setdefault(fold(row["name"]), []).append(row["id"])
        return names

    def called(self, name: str) -> list[int]:
        """Return the contacts that a remark or name means: by a phone in it, by itself, by the person it names."""
        remark = remark_parts(name)
        keys = [("mobile", phone) for phone in remark.phones]
        by_phone = find_by_keys(self.db, "contact", keys) if keys else {}
        hits = sorted({number for found in by_phone.values() for number in found})
        hits = hits or self._names.get(fold(name), [])
        if hits or not remark.name:
            return hits
        hits = self._names.get(fold(remark.name), [])
        return [n for n in hits if self._is_of(n, remark.company)] if remark.company else hits

    def _is_of(self, contact: int, company: str) -> bool:
        """Return whether a contact may be a firm's: of a short name too, and where its firm is not known."""
        sql = "SELECT c.name FROM contact p JOIN customer c ON c.id = p.customer_id WHERE p.id = ?"
        names = [fold(name) for name in self.db.values(sql, (contact,)) if name]
        wanted = fold(company)
        return not names or any(wanted in name or name in wanted for name in names)
