from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.changes import Edit, difference, inverse, value_at, with_values, written_since

RECORD = {"name": "甲公司", "level": None, "phones": ["1"], "extra": {"列": "值"}}
FLAT_RECORDS = st.fixed_dictionaries(
    {
        "name": st.sampled_from([None, "甲", "乙"]),
        "amount_fen": st.sampled_from([None, 0, 1]),
        "phones": st.lists(st.sampled_from("123"), unique=True, max_size=3).map(sorted),
        "extra": st.dictionaries(st.sampled_from(["a", "b.c"]), st.sampled_from(["x", "y"])),
    }
)


def test_only_what_differs_is_a_change() -> None:
    after = RECORD | {"level": "A", "phones": ["1", "2"], "extra": {"列": "新", "又": "1"}}
    assert difference(RECORD, after) == (
        {"level": None, "phones": ["1"], "extra.列": "值", "extra.又": None},
        {"level": "A", "phones": ["1", "2"], "extra.列": "新", "extra.又": "1"},
    )
    assert difference(RECORD, dict(RECORD)) == ({}, {})


def test_flat_values_are_put_in_without_touching_the_record() -> None:
    after = with_values(RECORD, {"level": "A", "extra.列": None, "extra.b.c": "1"})
    assert after == RECORD | {"level": "A", "extra": {"b.c": "1"}}
    assert RECORD["extra"] == {"列": "值"}
    assert (value_at(after, "extra.b.c"), value_at(after, "extra.列"), value_at(after, "level")) == ("1", None, "A")


@given(FLAT_RECORDS, FLAT_RECORDS)
def test_a_change_put_in_gives_the_later_record_and_taken_back_the_earlier(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    old, new = difference(before, after)
    assert with_values(before, new) == after
    edit = Edit(1, old, new)
    back = inverse(edit, after, [edit])
    restored = with_values(after, back.values)
    assert restored | {"phones": sorted(restored["phones"])} == before
    assert back.kept == {}


def _edits(*values: Any, key: str = "level") -> list[Edit]:
    """Return the edits that lead from each value to the next, numbered from 1, each in a run of its number."""
    return [Edit(n, {key: old}, {key: new}, run=n) for n, (old, new) in enumerate(pairwise(values), 1)]


def test_a_value_that_was_changed_since_stays_and_the_later_edit_is_named() -> None:
    edits = _edits(None, "A", "B")
    assert inverse(edits[0], {"level": "B"}, edits).kept == {"level": 2}
    assert inverse(edits[0], {"level": "B"}, edits).values == {}


def test_the_same_value_written_again_belongs_to_the_later_edit() -> None:
    edits = _edits(None, "A", "B", "A")
    told = inverse(edits[0], {"level": "A"}, edits)
    assert (told.values, told.kept) == ({}, {"level": 2})


def test_what_was_taken_back_in_between_leaves_no_trace() -> None:
    edits = [*_edits(None, "A", "B"), Edit(3, {"level": "B"}, {"level": "A"}, run=3, back=True, undoes=2)]
    assert inverse(edits[0], {"level": "A"}, edits).values == {"level": None}
    assert inverse(edits[1], {"level": "A"}, edits).values == {}
    assert inverse(edits[1], {"level": "A"}, edits).kept == {}


def test_taking_back_a_second_time_leaves_what_came_after_the_first() -> None:
    undone = Edit(2, {"level": "A"}, {"level": None}, run=2, back=True, undoes=1)
    again = Edit(3, {"level": None}, {"level": "A"}, run=3)
    edits = [*_edits(None, "A"), undone, again]
    told = inverse(edits[0], {"level": "A"}, edits)
    assert (told.values, told.kept) == ({}, {})


def test_taking_back_can_be_taken_back() -> None:
    edits = [*_edits(None, "A"), Edit(2, {"level": "A"}, {"level": None}, run=2, back=True, undoes=1)]
    assert inverse(edits[1], {"level": None}, edits).values == {"level": "A"}


def test_it_is_known_which_of_two_like_edits_was_taken_back() -> None:
    edits = _edits("open", "void", "open", "void")
    edits.append(Edit(4, {"level": "void"}, {"level": "open"}, run=4, back=True, undoes=3))
    edits.append(Edit(5, {"level": "open"}, {"level": "void"}, run=5, back=True, undoes=2))
    assert inverse(edits[0], {"level": "void"}, edits).values == {"level": "open"}


@pytest.mark.parametrize(
    ("present", "values", "kept"),
    [
        (["1", "2", "3"], {"phones": ["1", "3"]}, {}),
        (["1", "3"], {}, {}),
        (["2"], {"phones": []}, {}),
    ],
)
def test_of_a_list_only_the_items_that_were_added_go(
    present: list[str], values: dict[str, Any], kept: dict[str, int]
) -> None:
    edits = _edits(["1"], ["1", "2"], present, key="phones")
    told = inverse(edits[0], {"phones": present}, edits)
    assert told.values == values
    assert told.kept == kept


def test_items_that_were_taken_out_come_back_once() -> None:
    edits = _edits(["1", "2"], ["2"], ["2", "3"], key="phones")
    assert inverse(edits[0], {"phones": ["2", "3"]}, edits).values == {"phones": ["2", "3", "1"]}


def test_an_item_that_was_added_again_by_another_stays() -> None:
    edits = _edits([], ["1"], [], ["1"], key="phones")
    told = inverse(edits[0], {"phones": ["1"]}, edits)
    assert (told.values, told.kept) == ({}, {"phones": 2})


def test_an_entry_comes_back_in_its_place() -> None:
    record = {"said": {"乙": "1"}}
    assert list(with_values(record, {"said.甲": "2", "said.丙": "3"})["said"]) == sorted(["乙", "甲", "丙"])


OWNED = [
    Edit(1, {"owner": None, "pool": "公海", "extra.代管": None}, {"owner": "王芳", "pool": None, "extra.代管": "李强"}),
    Edit(2, {"owner": "王芳"}, {"owner": "赵磊"}),
]
WHOSE = ("owner", "pool", "extra.代管")


def test_keys_that_say_one_thing_stay_together_where_one_was_written_since() -> None:
    present = {"owner": "赵磊", "pool": None, "extra": {"代管": "李强"}}
    told = inverse(OWNED[0], present, OWNED, WHOSE)
    assert (told.values, told.kept) == ({}, {"owner": 2, "pool": 2, "extra.代管": 2})
    assert inverse(OWNED[0], present, OWNED).values == {"pool": "公海", "extra.代管": None}
    assert written_since(1, WHOSE, present, OWNED)


def test_keys_that_say_one_thing_come_back_together_once_the_later_word_was_taken_back() -> None:
    history = [*OWNED, Edit(3, {"owner": "赵磊"}, {"owner": "王芳"}, back=True)]
    present = {"owner": "王芳", "pool": None, "extra": {"代管": "李强"}}
    told = inverse(OWNED[0], present, history, WHOSE)
    assert (told.values, told.kept) == ({"owner": None, "pool": "公海", "extra.代管": None}, {})
    assert not written_since(1, WHOSE, present, history)
