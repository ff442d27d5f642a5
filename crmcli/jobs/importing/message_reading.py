"""Reading a chat export: block by block into a ledger, with the messages that a rule keeps beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import Any
from zoneinfo import ZoneInfo

from crmcli.config import Settings
from crmcli.domain.fields import normalise_header
from crmcli.domain.messages import Conversation, Ledger, Voice
from crmcli.domain.problem import Problem
from crmcli.domain.rejection import Rejection
from crmcli.domain.values.chat_time import ChatTimes
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.importers.parsing import ParsedColumn
from crmcli.importers.sheet import Block
from crmcli.jobs.importing.context import Reason, SheetPlace
from crmcli.jobs.importing.plan import PlannedSheet
from crmcli.jobs.importing.sheets import rejection, unsafe_line

_ENOUGH = 100  # so many messages without a time, and none with one: the column is not the time


class NoTimes(CrmError):
    """A chat export's times cannot be read, or no column holds them."""

    code = "message.no_times"

    def __init__(self, file: str, header: str, example: str) -> None:
        said = msg("column {header}: {example} is no time of a message", header=header, example=example)
        super().__init__(
            said if header else msg("no column holds the messages' times"),
            where=file,
            hint=msg('say which column does: --map "HEADER=message.at"'),
        )


@dataclass(frozen=True, slots=True)
class MessageRules:
    """What crm.toml says of chats: who is me, which messages are kept as they are; and the workspace's zone."""

    me: tuple[str, ...]
    notes: re.Pattern[str] | None
    zone: ZoneInfo

    @property
    def author(self) -> str | None:
        """Return the name under which my messages stand, None where nobody said it."""
        return self.me[0] if self.me else None


def message_rules(settings: Settings, zone: ZoneInfo) -> MessageRules:
    """Return the rules that the settings hold."""
    words = settings.messages.notes
    return MessageRules(settings.messages.me, re.compile("|".join(f"(?:{w})" for w in words)) if words else None, zone)


@dataclass(frozen=True, slots=True)
class Note:
    """A message that a rule keeps: whose, when (unix seconds), by me or not, who wrote it, where it stood."""

    conversation: Conversation
    second: int
    mine: bool | None
    sender: str
    text: str
    row: int
    cells: list[str]


@dataclass(slots=True)
class Reading:
    """A chat export on its way through: what was counted, kept and refused so far.

    `skipped` counts the rows that are no messages or that the preset leaves out.
    """

    planned: PlannedSheet
    place: SheetPlace
    rules: MessageRules
    ledger: Ledger
    skipped: int = 0
    notes: list[Note] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)

    def take(self, block: Block, times: ChatTimes) -> None:
        """Count a block of rows."""
        chosen = self._chosen(block)
        voices = [Voice._make(voice) for voice in compress(zip(*self._voices(block), strict=False), chosen)]
        indexes = list(compress(range(len(block.rows)), chosen))
        seconds = times.seconds(compress(self._texts(block, "message.at"), chosen))
        undated = self.ledger.add(voices, seconds, (block.rows[i] for i in indexes))
        self._refuse(block, [indexes[i] for i in undated], len(indexes))
        if self.rules.notes is not None:
            texts = list(compress(self._texts(block, "message.text"), chosen))
            for i in undated:
                texts[i] = ""
            self._keep_notes(block, indexes, voices, seconds, texts)
        self.skipped += len(block.rows) - len(indexes) + len(block.skipped)
        self.rejections += [rejection(self.place, odd.row, odd.cells, unsafe_line(odd)) for odd in block.rejected]

    def _chosen(self, block: Block) -> list[bool]:
        """Return which rows the preset does not leave out."""
        preset = self.planned.mapping.preset
        skip = preset.skip if preset else {}
        parsers = [p for p in self.planned.parsers if normalise_header(p.map.header) in skip]
        junk = self.planned.junk([parser.parse(block.columns[parser.map.index]) for parser in parsers])
        return [index not in junk for index in range(len(block.rows))]

    def _voices(self, block: Block) -> Iterator[Any]:
        """Yield, for each thing that a voice says, its value a row."""
        parsers = {parser.map.path: parser for parser in self.planned.parsers}
        for name in Voice._fields:
            parser = parsers.get("message.is_sender" if name == "mine" else f"message.{name}")
            blank = None if name == "mine" else ""
            if parser is None:
                yield repeat(blank, len(block.rows))
            else:
                yield _values(parser.parse(block.columns[parser.map.index]), blank)

    def _texts(self, block: Block, path: str) -> Iterator[str]:
        index = next((c.index for c in self.planned.mapping.columns if c.path == path), None)
        return repeat("", len(block.rows)) if index is None else block.columns[index].texts()

    def _refuse(self, block: Block, indexes: Sequence[int], read: int) -> None:
        """Reject messages without a time; a column in which none is found is not the time."""
        if not indexes:
            return
        header = self.planned.mapping.header_of("message.at")
        texts = list(self._texts(block, "message.at"))
        if not header or (len(indexes) == read >= _ENOUGH and not self.ledger.dated):
            raise NoTimes(self.place.file, header, texts[indexes[0]])
        for i in indexes:
            reason = Reason(
                "message.no_time",
                msg("the message has no time that can be read"),
                msg("fill in its time, such as 2026-03-05 10:00:00"),
                header,
                texts[i],
            )
            self.rejections.append(rejection(self.place, block.rows[i], block.cells(i), reason))

    def _keep_notes(
        self,
        block: Block,
        indexes: Sequence[int],
        voices: Sequence[Voice],
        seconds: Sequence[int | None],
        texts: Sequence[str],
    ) -> None:
        pattern = self.rules.notes
        for i, voice, second, text in zip(indexes, voices, seconds, texts, strict=True):
            if second is None or not text or pattern is None or not pattern.search(text):
                continue
            part = self.ledger.part(voice)
            if part.conversation is not None and part.is_text:
                note = Note(part.conversation, second, part.mine, voice.sender, text, block.rows[i], block.cells(i))
                self.notes.append(note)


def _values(column: ParsedColumn, blank: Any) -> Iterator[Any]:
    """Return a column's value a row, `blank` where there is none."""
    values = [blank if value is None or isinstance(value, Problem) else value for value in column.values]
    return map(values.__getitem__, column.codes)
