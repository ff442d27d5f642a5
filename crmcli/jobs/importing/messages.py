"""A chat export into the database: a follow-up a contact and month, and the messages that a rule keeps.

What is counted as what: a message of a known contact shares the outcome of its month's follow-up (new, updated, same),
one that is kept as a note for the first time is new. Messages of groups, official accounts and the system are skipped;
so are those of nobody known, who is listed with their number. A message without a readable time is rejected. No other
text of a chat is stored: the rows that are kept as sources have no cells, but those of notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crmcli.domain.identity import keys_of
from crmcli.domain.message_summaries import CHANNEL, ORIGIN, changes_to, joined, span_of, summary, together
from crmcli.domain.messages import ACCOUNT, GROUP, SYSTEM, Conversation, Ledger, Span
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.rejection import Rejection
from crmcli.domain.settle import Mode
from crmcli.domain.values.chat_time import ChatTimes, instant
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg
from crmcli.jobs.importing.context import ImportContext, Listed, SheetPlace, SheetTally
from crmcli.jobs.importing.message_partners import Partners, file_names, find_partners
from crmcli.jobs.importing.message_reading import MessageRules, Note, Reading
from crmcli.jobs.importing.plan import PlannedSheet
from crmcli.store.provenance import SourceRow, add_rows
from crmcli.store.records import chunks, fetch_where, find_by_keys

_LEFT_OUT = {
    GROUP: msg("group chats: {n} messages are left out"),
    ACCOUNT: msg("official and system accounts: {n} messages are left out"),
    SYSTEM: msg("system messages: {n} are left out"),
}
Place = tuple[int, str]  # a contact's number and a month


def write_messages(
    context: ImportContext, planned: PlannedSheet, place: SheetPlace, rules: MessageRules
) -> tuple[SheetTally, list[Rejection]]:
    """Return what became of a chat export's rows, and those that go to the rejects workbook.

    Raises:
        NoTimes: the times of the messages cannot be read.
    """
    reading = Reading(planned, place, rules, Ledger(rules.me, rules.zone))
    times = ChatTimes(rules.zone)
    for block in planned.sheet.blocks():
        reading.take(block, times)
    chats = list(reading.ledger.chats())
    names = file_names(place.file) if len(reading.ledger.conversations) == 1 else []
    partners = find_partners(context.run.db, place.system, chats, names)
    writing = _Writing(context, place, rules, SheetTally())
    writing.write(chats, partners, reading.notes)
    tally = writing.tally
    tally.counts["skipped"] += reading.skipped + reading.ledger.left_out.total()
    tally.counts["rejected"] += len(reading.rejections)
    tally.notes += [_said(why, number) for why, number in sorted(reading.ledger.left_out.items())]
    for chat, found in partners.unknown:
        tally.counts["skipped"] += chat.count
        tally.listed.append(_nobody(chat, found, names, place, rules))
    return tally, reading.rejections


def _said(why: str, number: int) -> Message:
    return replace(_LEFT_OUT[why], args={"n": number})


@dataclass(slots=True)
class _Writing:
    """The follow-ups of one chat export on their way into the database."""

    context: ImportContext
    place: SheetPlace
    rules: MessageRules
    tally: SheetTally

    def write(self, chats: Sequence[Conversation], partners: Partners, notes: Sequence[Note]) -> None:
        """Write the months of the conversations whose contact is known, then the notes of these."""
        spans: dict[Place, Span] = {}
        contacts = partners.contacts
        for chat in chats:
            for month, span in sorted(chat.spans.items()) if chat.key in contacts else ():
                key = (contacts[chat.key]["id"], month)
                spans[key] = together(spans[key], span) if key in spans else span
        people = {contact["id"]: contact for contact in contacts.values()}
        outcomes = self._write_spans(spans, people)
        for key, outcome in outcomes.items():
            self.tally.counts[outcome] += spans[key].count
        for note in self._write_notes(notes, contacts):
            month = instant(note.second, self.rules.zone)[:7]
            self.tally.counts[outcomes[contacts[note.conversation.key]["id"], month]] -= 1
            self.tally.counts["new"] += 1

    def _write_spans(self, spans: dict[Place, Span], people: dict[int, Record]) -> dict[Place, str]:
        """Return what became of the follow-up of each contact and month."""
        run, author, zone = self.context.run, self._author(), self.rules.zone
        present = self._present(people)
        fresh = [place for place in spans if place not in present]
        records = [summary(spans[place], people[place[0]], author, zone) for place in fresh]
        self._insert(records, [(spans[place].row, []) for place in fresh])
        outcomes = dict.fromkeys(fresh, "new")
        for place, span in spans.items():
            if place not in present:
                continue
            known = present[place]
            changes = changes_to(known, joined(span_of(known), span), author, zone)
            if self.context.modes.general is Mode.SKIP or not changes:
                outcomes[place] = "same"
                continue
            source = self._keep_source(span.row, [], "updated", known["id"])
            run.update("activity", known, changes, source)
            outcomes[place] = "updated"
        return outcomes

    def _present(self, people: dict[int, Record]) -> dict[Place, Record]:
        """Return the follow-ups that keep the months of these contacts; of several the first."""
        present: dict[Place, Record] = {}
        for part in chunks(sorted(people)):
            where = f"origin = ? AND contact_id IN ({','.join('?' * len(part))})"
            for record in fetch_where(self.context.run.db, "activity", where, (ORIGIN, *part)):
                present.setdefault((record["contact_id"], record["at"][:7]), record)
        return present

    def _write_notes(self, notes: Sequence[Note], contacts: dict[str, Record]) -> Iterator[Note]:
        """Write the notes that are not there yet, and yield them."""
        wanted = {
            keys_of("activity", record)[0]: (note, record)
            for note in notes
            if (contact := contacts.get(note.conversation.key)) and (record := self._note(note, contact))
        }
        known = find_by_keys(self.context.run.db, "activity", wanted)
        fresh = [pair for key, pair in wanted.items() if key not in known]
        self._insert([record for _, record in fresh], [(note.row, note.cells) for note, _ in fresh])
        yield from (note for note, _ in fresh)

    def _note(self, note: Note, contact: Record) -> Record:
        """Return the follow-up that keeps a message as it is: with its own time and author."""
        author = {True: self._author() or "我", False: contact["name"], None: note.sender or None}[note.mine]
        return ENTITIES["activity"].blank() | {
            "customer_id": contact["customer_id"],
            "contact_id": contact["id"],
            "type": CHANNEL,
            "at": instant(note.second, self.rules.zone),
            "by": author,
            "text": note.text.strip(),
            "origin": "import",
        }

    def _insert(self, records: Sequence[Record], sources: Sequence[tuple[int, list[str]]]) -> None:
        """Write new follow-ups with the rows they come from: (row, cells)."""
        run = self.context.run
        first = run.reserve("source_row", len(records))
        numbers = run.insert("activity", records, range(first, first + len(records)))
        rows = [
            SourceRow(first + i, row, cells, "new", "activity", number)
            for i, ((row, cells), number) in enumerate(zip(sources, numbers, strict=True))
        ]
        add_rows(run, self.place.source_sheet, rows)
        self.tally.records["activity"] += len(records)

    def _keep_source(self, row: int, cells: list[str], outcome: str, record: int) -> int:
        number = self.context.run.reserve("source_row", 1)
        add_rows(
            self.context.run, self.place.source_sheet, [SourceRow(number, row, cells, outcome, "activity", record)]
        )
        return number

    def _author(self) -> str | None:
        """Return my name as it is known among the owners, None where nobody said it."""
        me = self.rules.author
        return self.context.known_owners.get(fold(me), me) if me else None


def _nobody(
    chat: Conversation, found: Sequence[int], names: Sequence[str], place: SheetPlace, rules: MessageRules
) -> Listed:
    """Return that nobody known, or one of several, is meant by a conversation: with how much was said and when."""
    called = next(iter([*chat.names(names), chat.key]), "") or place.file
    days = [instant(s, rules.zone)[:10] for span in chat.spans.values() for s in (span.first, span.last)]
    about = {"n": chat.count, "name": called, "first": min(days, default=""), "last": max(days, default="")}
    if found:
        message = msg("{n} messages with {name}, {first} to {last}: {k} contacts may be meant", k=len(found), **about)
    else:
        message = msg(
            "{n} messages with {name}, {first} to {last}: no contact is known (import contacts first)", **about
        )
    return Listed(chat.row, place.mapping.header_of("message.talker"), called, "message.unknown_contact", message)
