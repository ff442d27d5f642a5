"""Chat messages -> who talked with whom, when, how much: the rows are counted, their text goes by.

What is left of a conversation is one span a calendar month: few enough to read, fine enough to see a customer grow
cold. A month that is over never changes again, however often a longer export comes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cache
from typing import NamedTuple

from crmcli.domain.values.text import fold

# why messages are left out
GROUP, ACCOUNT, SYSTEM = "group", "account", "system"
# Source: the type codes and words of WeChat exports; names of WeChat's own accounts.
_SYSTEM_TYPES = frozenset({"10000", "10002", "撤回消息", "拍一拍"})
_TEXT_TYPES = frozenset({"", "1", "文本", "引用", "引用消息", "带有引用的文本消息", "text"})
_OWN_ACCOUNTS = frozenset(
    {"filehelper", "weixin", "fmessage", "medianote", "floatbottle", "newsapp", "qqmail", "tmessage", "qmessage"}
    | {"notifymessage", "mphelper", "weixinreminder", "officialaccounts", "notification_messages", "brandsessionholder"}
)
_ACCOUNT_ID = re.compile(r"wxid_\w+|[A-Za-z][A-Za-z0-9_-]{5,}|[0-9]+@openim|.+@(?:openim|chatroom)")
# an id that is nobody's name
_SURE_ID = re.compile(r"(?=.*[0-9_-])[A-Za-z][A-Za-z0-9_-]{5,}")
_ROOM = re.compile(r"@(?:im\.)?chatroom$")
_MYSELF = "我"
_MOST_SPEAKERS = 3
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_KEPT_ROLES = 1 << 16


class Voice(NamedTuple):
    """What a message's row says of who speaks to whom, "" where it says nothing; `mine` None is not said."""

    talker: str = ""
    room: str = ""
    sender: str = ""
    remark: str = ""
    nickname: str = ""
    type: str = ""
    mine: bool | None = None


@dataclass(slots=True)
class Span:
    """The messages of a stretch of time: unix seconds of the first and the last, and how many went which way.

    `mine` tells who wrote the last one, None where that is unknown; `row` is that message's row in the file.
    """

    first: int
    last: int
    sent: int = 0
    received: int = 0
    unknown: int = 0
    mine: bool | None = None
    row: int = 0

    @property
    def count(self) -> int:
        """Return how many messages there are."""
        return self.sent + self.received + self.unknown


@dataclass(slots=True)
class Speaker:
    """Somebody in a conversation who is not known to be me: what the rows call them."""

    id: str
    names: list[str]
    known_other: bool


@dataclass(slots=True)
class Conversation:
    """One chat: its key in the file, its spans by month (`2024-03`), the row it begins in, who speaks in it."""

    key: str
    row: int
    spans: dict[str, Span] = field(default_factory=dict)
    speakers: dict[str, Speaker] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many messages there are."""
        return sum(span.count for span in self.spans.values())

    @property
    def named(self) -> bool:
        """Return whether the key is the partner's own id, not just a number of the file's."""
        return bool(self.key) and not self.key.isdecimal()

    @property
    def is_group(self) -> bool:
        """Return whether more than two people speak, where nothing but that tells a group."""
        others = [speaker for speaker in self.speakers.values() if speaker.known_other]
        return not self.named and (len(others) > 1 or len(self.speakers) >= _MOST_SPEAKERS)

    def ids(self) -> list[str]:
        """Return the ids that the partner may have, surest first."""
        others = self._partner()
        own = [self.key] if self.key else []
        return list(dict.fromkeys([*own, *(s.id for s in others if _ACCOUNT_ID.fullmatch(s.id))]))

    def names(self, file_names: Iterable[str] = ()) -> list[str]:
        """Return the names that the partner may have, surest first; `file_names` are what the file is called.

        Where the rows do not say which of two is me, the file's name does: exports are named for the partner.
        """
        given = list(file_names) if not self.named else []
        partner = self._partner()
        if not partner and len(self.speakers) == 1:
            partner = list(self.speakers.values())
        called = [name for speaker in partner for name in (*speaker.names, speaker.id) if name]
        called += [self.key] if self.named else []
        usual = [name for name in called if not (_ACCOUNT_ID.fullmatch(name) and name.isascii())]
        return list(dict.fromkeys([*usual, *given] if self._partner() else [*given, *usual]))

    def _partner(self) -> list[Speaker]:
        return [speaker for speaker in self.speakers.values() if speaker.known_other]


@dataclass(frozen=True, slots=True)
class Part:
    """What one voice's messages are: whose conversation, which way, or why they are left out."""

    conversation: Conversation | None
    mine: bool | None = None
    left_out: str = ""
    is_text: bool = True


class Ledger:
    """The conversations of a file as they add up. `me` are my own names and ids, where somebody said them."""

    def __init__(self, me: Collection[str], zone: tzinfo) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.left_out: Counter[str] = Counter()
        self._me = {fold(name) for name in me if name}
        self._months = _month_starts(zone)
        self._roles: dict[Voice, Part] = {}

    def part(self, voice: Voice, row: int = 0) -> Part:
        """Return what a voice's messages are; `row` is where it is first heard."""
        known = self._roles.get(voice)
        if known is None:
            if len(self._roles) >= _KEPT_ROLES:
                self._roles.clear()
            known = self._roles[voice] = self._cast(voice, row)
        return known

    def add(self, voices: Iterable[Voice], seconds: Iterable[int | None], rows: Iterable[int]) -> list[int]:
        """Count messages; returns the indexes of those that have no time and so no place."""
        starts, names = self._months
        low = high = 0
        month, undated = "", list[int]()
        for index, (voice, second, row) in enumerate(zip(voices, seconds, rows, strict=True)):
            part = self._roles.get(voice) or self.part(voice, row)
            conversation, mine = part.conversation, part.mine
            if conversation is None:
                self.left_out[part.left_out] += 1
                continue
            if second is None or not starts[0] <= second < starts[-1]:
                undated.append(index)
                continue
            if not low <= second < high:
                place = bisect_right(starts, second)
                low, high, month = starts[place - 1], starts[place], names[place - 1]
            span = conversation.spans.get(month)
            if span is None:
                span = conversation.spans[month] = Span(second, second, mine=mine, row=row)
            elif second < span.first:
                span.first = second
            if second > span.last or (second == span.last and span.mine is not False and mine is not True):
                span.last, span.mine, span.row = second, mine, row
            if mine is None:
                span.unknown += 1
            elif mine:
                span.sent += 1
            else:
                span.received += 1
        return undated

    @property
    def dated(self) -> bool:
        """Return whether some message had a time and was counted."""
        return any(conversation.spans for conversation in self.conversations.values())

    def chats(self) -> Iterator[Conversation]:
        """Yield the conversations with one person, by key; those of groups are counted as left out."""
        for _key, conversation in sorted(self.conversations.items()):
            if conversation.is_group:
                self.left_out[GROUP] += conversation.count
            else:
                yield conversation

    def _cast(self, voice: Voice, row: int) -> Part:
        key = voice.room or voice.talker
        if left_out := _left_out(key, voice):
            return Part(None, left_out=left_out)
        conversation = self.conversations.setdefault(key, Conversation(key, row))
        mine = self._mine(voice, conversation)
        if not mine:
            _hear(conversation, voice, known_other=mine is False)
        return Part(conversation, mine, is_text=voice.type.casefold() in _TEXT_TYPES)

    def _mine(self, voice: Voice, conversation: Conversation) -> bool | None:
        if voice.mine is not None:
            return voice.mine
        sender = voice.sender or (voice.talker if voice.room else "")
        if not sender:
            return None
        if _MYSELF in (sender, voice.nickname) or (self._me and fold(sender) in self._me):
            return True
        if sender == conversation.key:
            return False
        if conversation.named and _SURE_ID.fullmatch(sender):
            return True
        return False if self._me else None


def _left_out(key: str, voice: Voice) -> str:
    """Return why messages are no contact with anybody, "" where they are."""
    if key.startswith("@@") or _ROOM.search(key) or _ROOM.search(voice.talker):
        return GROUP
    if key.startswith("gh_") or key in _OWN_ACCOUNTS or key.endswith("@app"):
        return ACCOUNT
    return SYSTEM if voice.type in _SYSTEM_TYPES or voice.type.startswith("系统") else ""


def _hear(conversation: Conversation, voice: Voice, *, known_other: bool) -> None:
    own = voice.sender or (voice.talker if voice.room else "")
    who = own or voice.remark or voice.nickname
    if not who:
        return
    names = [name for name in (voice.remark, voice.nickname) if name]
    present = conversation.speakers.get(who)
    if present is not None:
        present.names += [name for name in names if name not in present.names]
        present.known_other = present.known_other or known_other
    elif len(conversation.speakers) < _MOST_SPEAKERS:
        conversation.speakers[who] = Speaker(own, names, known_other)


@cache
def _month_starts(zone: tzinfo) -> tuple[list[int], list[str]]:
    """Return when each month begins in a zone (unix seconds), and the months' names; the last start only ends them."""
    months = [(year, month) for year in range(_FIRST_YEAR, _LAST_YEAR + 1) for month in range(1, 13)]
    starts = [int(datetime(year, month, 1, tzinfo=zone).timestamp()) for year, month in months]
    return starts, [f"{year}-{month:02}" for year, month in months]
