from __future__ import annotations

import pytest

from crmcli.matching.records import MatchBatch


def test_ids_are_ordered_oldest_first() -> None:
    batch = MatchBatch(["10", "9", "100"], ["b", "a", "c"], phones=["2", "1", "3"]).by_id()
    assert (batch.ids, batch.names, batch.phones) == (["9", "10", "100"], ["a", "b", "c"], ["1", "2", "3"])


def test_a_column_nobody_has_reads_as_unknown() -> None:
    assert MatchBatch(["1", "2"], ["a", "b"]).column("emails") == ["", ""]


@pytest.mark.parametrize(("ids", "names"), [(["1", "1"], ["a", "b"]), (["1", "2"], ["a"])])
def test_a_batch_that_cannot_be_matched_is_refused(ids: list[str], names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"twice|length"):
        MatchBatch(ids, names)
