from __future__ import annotations

import numpy as np

from crmcli.domain.metrics.unpacked import (
    NOT_KNOWN,
    Packing,
    by_number,
    columns_of,
    for_each,
    known_numbers,
    with_customers,
)

PACKING = Packing((("id",), ("name",), ("owner", "stage")), b"|", b",")
BLOCKS = [(2, (b"7|3", "甲|".encode(), "王,报价|王,".encode())), (3, (b"1||", b"a|b|c", ",|,|李,赢单".encode()))]


def test_packed_rows_are_columns() -> None:
    columns = columns_of(BLOCKS, PACKING, ("id",))
    assert columns["id"].tolist() == [7, 3, 1, NOT_KNOWN, NOT_KNOWN]
    assert known_numbers(columns["id"])[:3].tolist() == [7, 3, 1]
    assert known_numbers(columns["id"]).isna().tolist() == [False, False, False, True, True]
    assert columns["name"].tolist() == ["甲", None, "a", "b", "c"]
    assert columns["owner"].tolist() == ["王", "王", None, None, "李"]
    assert columns["stage"].tolist() == ["报价", None, None, None, "赢单"]
    assert {key: values.tolist() for key, values in columns_of([], PACKING, ("id",)).items()} == {
        "id": [], "name": [], "owner": [], "stage": [],
    }  # fmt: skip


def test_rows_in_the_order_of_numbers() -> None:
    columns = columns_of(BLOCKS[:1], PACKING, ("id",))
    assert by_number(columns, "id")["name"].tolist() == [None, "甲"]


def test_a_function_is_asked_once_for_equal_rows() -> None:
    columns = columns_of(BLOCKS, PACKING, ("id",))
    asked: list[tuple[str | None, str | None]] = []

    def both(owner: str | None, stage: str | None) -> str:
        asked.append((owner, stage))
        return f"{owner} {stage}"

    made = for_each(both, columns["owner"], columns["stage"]).tolist()
    assert made == ["王 报价", "王 None", "None None", "None None", "李 赢单"]
    assert len(asked) == 4


def test_deals_have_what_their_customers_say_and_their_source_where_they_have_none() -> None:
    texts = {
        "name": ["甲", "乙"],
        "source": ["展会", None],
        "province": ["上海", None],
        "industry": [None, None],
    }
    customers = {key: np.array(own, dtype=object) for key, own in texts.items()} | {"id": np.array([2, 5])}
    sources = np.array([None, "官网", "-", None, None], dtype=object)
    found = with_customers({"customer_id": np.array([2, 2, 2, NOT_KNOWN, 9]), "source": sources}, customers, "-")
    assert found["customer"].tolist() == ["甲", "甲", "甲", None, None]
    assert found["source"].tolist() == ["展会", "官网", None, None, None]
    assert found["province"].tolist() == ["上海", "上海", "上海", None, None]
