"""What becomes of a lead's status when rows say another: the last word of a source counts, never its length."""

from __future__ import annotations

from collections.abc import Sequence

from crmcli.domain.leads import state_rank
from crmcli.domain.settle import Mode
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import Row, SheetPlace
from crmcli.jobs.importing.untaken import list_untaken

COLUMN = "status"
Word = tuple[int, Row, str]  # number of a lead, the row that speaks of it, the status it says


def settle_states(place: SheetPlace, batch: Batch, words: Sequence[Word]) -> None:
    """Bring what rows say of leads into their status: of several rows of one lead the last one's.

    What a person decided stays. What is not taken is kept as an alternate, unless the source had said it before.
    """
    last = {number: (number, row, said) for number, row, said in words}
    for number, row, said in words:
        if row is not last[number][1] and said != last[number][2]:
            _keep(place, batch, (number, row, said))
    for word in last.values():
        _settle(place, batch, word)


def _settle(place: SheetPlace, batch: Batch, word: Word) -> None:
    number, row, said = word
    now = batch.present[number][COLUMN]
    mode = batch.modes.of("lead", COLUMN)
    if said == now:
        if batch.merge(number, {COLUMN: said}, place.system, row.source_row).changed:
            row.touched("lead", made=False, main=place.kind == "lead")
    elif now is None and mode is not Mode.SKIP:
        _take(place, batch, word)
    elif _wins(place, batch, word, mode):
        source = batch.authors.source_of(number, COLUMN, place.system)
        _take(place, batch, word)
        kept = batch.keep(number, [(COLUMN, now)], source, row.source_row)
        list_untaken(place, batch, row, kept if mode is Mode.FILL else [])
    elif not batch.authors.said_before(number, COLUMN, said, place.system):
        _keep(place, batch, word)


def _wins(place: SheetPlace, batch: Batch, word: Word, mode: Mode) -> bool:
    """Return whether a word takes the place of what is there; of equal sources the furthest state counts."""
    number, _, said = word
    standing = batch.standing(number, COLUMN, place.system)
    if mode is Mode.SKIP or standing < 0:
        return False
    if mode is Mode.OVERWRITE:
        return True
    if batch.authors.is_persons(number, COLUMN):
        return False
    own = place.system in batch.authors.sayers(number, COLUMN, place.system)
    return own or standing > 0 or state_rank(said) > state_rank(batch.present[number][COLUMN])


def _take(place: SheetPlace, batch: Batch, word: Word) -> None:
    number, row, said = word
    if batch.change(number, {COLUMN: said}, row.source_row):
        row.touched("lead", made=False, main=place.kind == "lead")


def _keep(place: SheetPlace, batch: Batch, word: Word) -> None:
    number, row, said = word
    kept = batch.keep(number, [(COLUMN, said)], place.system, row.source_row)
    list_untaken(place, batch, row, kept)
    if kept:
        row.touched("lead", made=False, main=place.kind == "lead")
