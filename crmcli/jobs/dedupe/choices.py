"""The last row of each group of a review workbook: the values that a person chose to stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crmcli.domain.changes import Flat
from crmcli.domain.fields import catalogue, normalise_header
from crmcli.domain.records import Record
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.jobs.dedupe.review import KEPT, text_mark
from crmcli.jobs.dedupe.sides import CHOSEN, heading, said_of
from crmcli.jobs.records.editing import typed_columns
from crmcli.jobs.returned import ReturnedRow
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for a group: the row, the group's customers (the first one first), value by column."""

    row: int
    customers: list[int]
    values: Flat


@dataclass(slots=True)
class Choices:
    """What was chosen, and cells that cannot be taken: (row, heading, why)."""

    made: list[Choice] = field(default_factory=list)
    left_out: list[tuple[int, str, Message]] = field(default_factory=list)


def read_choices(workspace: Workspace, rows: Sequence[ReturnedRow]) -> Choices:
    """Return what the cells that were changed say; a cell that was emptied says nothing."""
    choices = Choices()
    for row in rows:
        _, customers, marks = (*row.key.split(KEPT), "", "")[:3]
        numbers = [int(part) for part in customers.split(",") if part.isdigit()]
        before = dict(mark.split(":", 1) for mark in marks.split(",") if ":" in mark)
        if not numbers or set(before) != set(CHOSEN):
            choices.left_out.append((row.row, "", msg("the hidden column of this row was changed")))
            continue
        records = fetch(workspace.db, "customer", numbers)
        values: Flat = {}
        for key, text in _changed(row, before):
            try:
                values |= _columns(workspace, key, text, list(records.values()), numbers[0])
            except CrmError as error:
                choices.left_out.append((row.row, heading(key), error.message))
        if values:
            choices.made.append(Choice(row.row, numbers, values))
    return choices


def _changed(row: ReturnedRow, before: dict[str, str]) -> Iterable[tuple[str, str]]:
    for key in CHOSEN:
        known = catalogue()[f"customer.{key}"]
        text = row.of(normalise_header(known.zh), normalise_header(known.en))
        if text and text_mark(text) != before[key]:
            yield key, text


def _columns(workspace: Workspace, key: str, text: str, records: Sequence[Record], first: int) -> Record:
    """Return the value of the customer that says so, else what a text that was typed means.

    Raises:
        CrmError: the text cannot be read.
    """
    for record in records:
        if text_mark(said_of(record)[key]) == text_mark(text):
            return {key: record[key]}
    return typed_columns(workspace, "customer", key, text, first)
