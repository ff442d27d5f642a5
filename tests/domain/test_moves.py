from __future__ import annotations

from crmcli.domain.moves import how_moved, move_in_words


def test_a_plain_move_says_nothing_of_itself() -> None:
    moved = how_moved({"extra": {}})
    assert moved == {"skipped": [], "back": False, "forced": {}}
    assert move_in_words(moved) == []


def test_skips_steps_back_and_force_are_told() -> None:
    forced = {"fields": ["amount"], "checklist": ["到访"], "approval": ["报价"]}
    moved = how_moved({"extra": {"skipped": ["招标", "议价"], "back": True, "forced": forced}})
    assert [str(words) for words in move_in_words(moved)] == [
        "skipped 招标, 议价",
        "a step back",
        "forced without amount, 到访, the approval for 报价",
    ]
