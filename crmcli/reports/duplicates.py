"""The review workbook: customers that may be one under each other, and what stays if they are merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmcli.i18n import _
from crmcli.reports.asking import AskColumn, Asking, AskRow, write_asking
from crmcli.reports.decisions import DECISION_HEADERS, DECISIONS, PAIR_HEADER, in_words

_SAME, _DIFFERENT, _KEPT, _TO_CHOOSE, _WANTED = "E2F0D9", "FCE4D6", "EDEDED", "FFF2CC", "FFD966"
_FIRST = 6  # the first column of the fields, behind decision, group, number, reasons, score and value
_WIDTHS = {"name": 30, "address": 28, "contacts": 22, "deals": 30, "activities": 16, "credit_code": 21, "phones": 15,
           "emails": 20, "note": 24, "province": 8, "city": 9, "district": 9, "level": 8}  # fmt: skip
_USUAL_WIDTH = 12
_NEVER_COLOURED = ("deals", "activities")  # they are each customer's own: that they differ says nothing


@dataclass(frozen=True, slots=True)
class ReviewSide:
    """One customer of a group: its number, what is said of it by column, and how it compares with the group's first.

    The first itself has no score, and its reasons tell what stands behind the group. `decision` is set where a person
    was unsure before.
    """

    key: str
    number: str
    told: Mapping[str, str]
    reasons: Sequence[str]
    score: float | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """Customers that may be one, the first one first, and what stays by column if they are; `key` is that row's.

    `choices` are the columns of which a person may choose another value, `wanted` those that only a person may fill.
    """

    key: str
    sides: Sequence[ReviewSide]
    kept: Mapping[str, str]
    worth: float
    choices: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReviewColumn:
    """A column behind the fixed ones: the key under which sides tell it, and its heading."""

    key: str
    title: str

    @property
    def width(self) -> int:
        """Return how wide it is."""
        return _WIDTHS.get(self.key, _USUAL_WIDTH)


@dataclass(frozen=True, slots=True)
class _Sheet:
    columns: Sequence[ReviewColumn]
    rows: list[AskRow] = field(default_factory=list)

    def add(self, place: int, group: ReviewGroup) -> None:
        """Add a group's rows: its customers, then what stays."""
        told = {column.key: [side.told.get(column.key, "") for side in group.sides] for column in self.columns}
        colours = {key: "" if key in _NEVER_COLOURED else _colour(values) for key, values in told.items()}
        fills = {_FIRST + at: colours[column.key] for at, column in enumerate(self.columns)}
        for side in group.sides:
            shown = {at: colour for at, colour in fills.items() if side.told.get(self.columns[at - _FIRST].key)}
            decision = in_words(DECISIONS[side.decision]) if side.decision else ""
            figures: list[str | float] = ["", group.worth] if side.score is None else [side.score, ""]
            texts = [side.told.get(column.key, "") for column in self.columns]
            cells = [decision, float(place), side.number, "\n".join(side.reasons), *figures, *texts]
            self.rows.append(AskRow(cells, side.key, shown, begins=side.score is None))
        self.rows.append(self._kept(place, group, colours))

    def _kept(self, place: int, group: ReviewGroup, colours: Mapping[str, str]) -> AskRow:
        fills = dict.fromkeys(range(_FIRST + len(self.columns)), _KEPT)
        offered = {}
        for at, column in enumerate(self.columns, _FIRST):
            if column.key in group.choices and colours[column.key] == _DIFFERENT:
                fills[at] = _WANTED if column.key in group.wanted else _TO_CHOOSE
                offered[at] = len(group.sides)
        said = _("if they are the same, this stays; another value may be chosen or typed where it is yellow")
        kept = [group.kept.get(column.key, "") for column in self.columns]
        cells: list[str | float] = ["", float(place), "", said, "", "", *kept]
        return AskRow(cells, group.key, fills, choices=None, offered=offered)


def write_review(path: Path, columns: Sequence[ReviewColumn], groups: Sequence[ReviewGroup]) -> None:
    """Write the workbook; the groups stand in the order given, columns that nobody fills are left out.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    filled = [c for c in columns if any(side.told.get(c.key) for group in groups for side in group.sides)]
    sheet = _Sheet(filled)
    for place, group in enumerate(groups, 1):
        sheet.add(place, group)
    heads = [
        AskColumn(in_words(DECISION_HEADERS), 11, asked=True),
        AskColumn(_("group no."), 6, number="0"),
        AskColumn(_("number"), 8),
        AskColumn(_("reasons"), 48),
        AskColumn(_("score"), 7, number="0.0"),
        AskColumn(_("worth"), 7, number="0.0"),
    ]
    lists = {"": [in_words(words) for words in DECISIONS.values()]}
    heads += [AskColumn(column.title, column.width) for column in filled]
    write_asking(
        path, Asking(_("possible duplicates"), heads, PAIR_HEADER, lists, frozen="D2", terms=_terms()), sheet.rows
    )


def _colour(values: Sequence[str]) -> str:
    known = [value for value in values if value]
    if len(known) < 2:  # noqa: PLR2004 (nothing to compare)
        return ""
    return _SAME if len(set(known)) == 1 else _DIFFERENT


def _terms() -> list[tuple[str, str]]:
    """Return what a person who fills the workbook in needs to know."""
    same, different, related, unsure = (in_words(words) for words in DECISIONS.values())
    return [
        (_("how it is filled in"), _(
            "Each group compares its first customer with those below it. What is chosen in the first row holds for the"
            " whole group; what is chosen beside one of the others goes before it. Empty rows stay open: the workbook"
            " may be taken back partly filled, and again when more is filled in."
        )),
        (same, _(
            "They are one customer and are merged: one number stays, the other leads to it. Contacts, deals and"
            " follow-ups move, phones, mail and outside numbers are united, values that do not stay are kept as"
            " alternates. It can be taken back at any time: crmcli undo, crmcli dedupe unmerge."
        )),
        (different, _(
            "They are two customers. That is remembered: no later run and no import merges them, not through a third"
            " one either, however alike they look."
        )),
        (related, _(
            "They are two customers that belong together (head office and branch, firms of one group). They are"
            " linked, never merged."
        )),
        (unsure, _("It stays open, nothing is merged, and it is asked again later, after everything else.")),
        (_("the last row of a group"), _(
            "What the merged customer will say. By crm.toml ([merge]) a value is proposed for each field; where the"
            " customers differ the cell is yellow: choose another value from the list or type one. A dark yellow cell"
            " has to be filled before the group can be merged. A cell that is emptied means the proposal. Phones, mail"
            " and tags are united."
        )),
        (_("colours"), _("Orange: the customers differ. Green: they agree. Yellow: to be filled in or changed.")),
        (_("score"), _("How probable it is that the two are one customer, 0 to 100; the reasons stand beside it.")),
        (_("worth"), _(
            "What an answer is worth, 0 to 100, which gives the order: open and won money behind the customers (up to"
            " 40), their follow-ups (20), how many customers the group has (20), how near the score is to merging"
            " without asking (20)."
        )),
        (_("what is not applied"), _(
            "A row whose customers were changed, merged or removed by somebody else since is not applied: it is named"
            " with its row and reason, and asked again in the next workbook. The last column is hidden and must stay."
        )),
    ]  # fmt: skip
