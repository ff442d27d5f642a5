from __future__ import annotations

from crmcli.commands.undo_shown import undo_document, undo_told
from crmcli.i18n import msg
from crmcli.jobs.journal.reversal import Kept, TakenBack
from crmcli.jobs.journal.undo import UndoResult

BACK = [TakenBack("contact", 1, "create"), TakenBack("contact", 2, "remove")]


def test_each_change_is_named() -> None:
    changed = TakenBack("customer", 1, "update", ("owner", "extra.网址"))
    result = UndoResult("R3", "R2", [*BACK, changed], [Kept("C1", "", msg("P2 belongs to it"))])
    assert undo_told(result) == [
        "R2 taken back: 3 changes reversed, 1 kept",
        "taken out: P1",
        "put back: P2",
        "as before: C1 Customer owner, 网址",
        "kept: C1: P2 belongs to it",
    ]
    assert undo_document(result)["changes"][2] == {"record": "C1", "did": "update", "fields": ["owner", "extra.网址"]}


def test_of_many_changes_the_first_are_shown_and_the_rest_counted() -> None:
    told = undo_told(UndoResult("R3", "R2", BACK * 15))
    assert (len(told), told[-1]) == (22, "and 10 more (--json lists all)")
    assert len(undo_document(UndoResult("R3", "R2", BACK * 15))["changes"]) == 30
