from __future__ import annotations

import pytest

from crmcli.matching.find import find_duplicates
from crmcli.matching.records import MatchBatch, ReadOnce


def test_ids_are_ordered_oldest_first() -> None:
    batch = MatchBatch(["10", "9", "100"], ["b", "a", "c"], phones=["2", "1", "3"]).by_id()
    assert (batch.ids, batch.names, batch.phones) == (["9", "10", "100"], ["a", "b", "c"], ["1", "2", "3"])


def test_a_column_nobody_has_reads_as_unknown() -> None:
    assert MatchBatch(["1", "2"], ["a", "b"]).column("emails") == ["", ""]


@pytest.mark.parametrize(("ids", "names"), [(["1", "1"], ["a", "b"]), (["1", "2"], ["a"])])
def test_a_batch_that_cannot_be_matched_is_refused(ids: list[str], names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"twice|length"):
        MatchBatch(ids, names)


def test_records_to_be_read_once_let_go_of_what_is_read_but_their_ids() -> None:
    batch = ReadOnce.of(MatchBatch(["2", "1"], ["a", "b"], phones=["+8613800000000", ""])).by_id()
    assert batch.read("phones") == ["", "+8613800000000"]
    assert (batch.read("phones"), batch.read("names"), batch.ids) == (None, ["b", "a"], ["1", "2"])


def test_what_is_found_is_the_same_in_records_to_be_read_once() -> None:
    batch = MatchBatch(
        ["1", "2"], ["上海鼎信智能科技有限公司", "上海市鼎信智能科技有限公司"], phones=["+8613800000000"] * 2
    )
    assert find_duplicates(ReadOnce.of(batch)) == find_duplicates(batch)
