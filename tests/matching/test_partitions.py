import random

import numpy as np
import pytest

from crmcli.matching.blocks import BLOCK_CAP
from crmcli.matching.features import word_counts
from crmcli.matching.find import compare_here
from crmcli.matching.keys import KEYS
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.partitions import (
    REFINEMENTS,
    KeyRows,
    distinct_pairs,
    key_rows,
    pairs_of_blocks,
    score_part,
    whole_of,
)
from crmcli.matching.records import MatchBatch

SIZE = 1_500
CITIES = ["北京", "上海", "苏州", "杭州", "成都"]
BRANDS = [first + last for first in "鼎信恒泰华盛宏" for last in "达源创联通丰瑞"]
TRADES = ["智能科技", "环保工程", "贸易", "机械设备", "医疗器械"]
WORDS = ["harbor", "maple", "union", "golden", "silver", "river", "stone", "bridge", "garden", "pearl"]
SURNAMES, GIVEN = ["Smith", "Jones", "Brown", "Taylor", "Wilson"], ["Anna", "Peter", "Laura", "Simon", "Emma", "Oscar"]


def made_up(seed: int) -> MatchBatch:
    """Return firms with Chinese names, then firms with Latin names and people; some keys of them are crowded.

    Only the numbers of the latter lack their country, so that not every part of the records has such a number.
    """
    draw = random.Random(seed)
    rows = [_firm(draw, number) if number < SIZE * 0.8 else _latin(draw) for number in range(SIZE)]
    columns = ("names", "phones", "emails", "addresses", "contacts", "given_names", "surnames", "births")
    return MatchBatch(
        ids=[str(number) for number in range(SIZE)],
        **{column: [row.get(column, "") for row in rows] for column in columns},
    ).by_id()


def _firm(draw: random.Random, number: int) -> dict[str, str]:
    if number % 12 == 1:
        return {"names": "华达科技", "phones": "+862161000000", "contacts": draw.choice(("张伟", "王芳", ""))}
    city, brand, trade = draw.choice(CITIES), draw.choice(BRANDS), draw.choice(TRADES)
    ending = draw.choice(("有限公司", "有限公司", "股份有限公司", "有限公司苏州分公司", ""))
    landline = f"+86{draw.choice((10, 21))}6{draw.randrange(10**3):07d}"
    mobile = f"+8613{draw.randrange(10**3):09d}"
    return {
        "names": f"{city}{brand}{trade}{ending}",
        "phones": draw.choice((mobile, landline, "", f"{mobile};+862161000000")),
        "addresses": f"{city}市人民路{draw.randrange(40)}号",
        "contacts": draw.choice(("张伟", "王芳", "李建国")),
        "emails": f"sales@{draw.choice(BRANDS).encode().hex()}.com",
    }


def _latin(draw: random.Random) -> dict[str, str]:
    number = draw.randrange(50)
    phone = draw.choice(("", f"312-555-01{number:02d}", f"1 312 555 01{number:02d}"))
    if draw.random() < 0.5:
        two = [draw.choice(GIVEN), draw.choice(SURNAMES)]
        given, surname = two if draw.random() < 0.8 else two[::-1]
        return {"given_names": given, "surnames": surname, "births": f"19{number + 30}-01-02", "phones": phone}
    name = " ".join(draw.sample(WORDS, 2))
    return {"names": f"{name} Ltd", "phones": phone, "addresses": f"{number} Main St"}


def in_parts(records: MatchBatch, model: Model, size: int) -> tuple[int, set[tuple[object, ...]]]:
    """Return how many pairs are compared and those kept, computed as by machines that see `size` records each."""
    whole = whole_of(records, model)
    starts = range(0, len(records), size)
    parts = [np.arange(start, min(start + size, len(records))) for start in starts]
    found = [key_rows(records.take(part.tolist()), part, whole) for part in parts]
    key, token, row = (np.concatenate([getattr(each, name) for each in found]) for name in ("key", "token", "row"))
    finer = [np.concatenate([each.finer[i] for each in found]) for i in range(REFINEMENTS)]
    machines = [np.flatnonzero((token + key) % 3 == machine) for machine in range(3)]
    pairs = np.concatenate(
        [pairs_of_blocks(KeyRows(key[at], token[at], row[at], tuple(f[at] for f in finer))) for at in machines]
    )
    pairs = distinct_pairs(pairs[:, 0], pairs[:, 1])
    compared, kept = 0, set()
    for part in parts:
        asked = pairs[np.isin(pairs[:, 0], part)]
        numbers = np.unique(asked)[::-1]
        batch = records.take(numbers.tolist())
        scored, count = score_part(batch, asked, whole, keep_different=False, numbers=numbers)
        compared += count
        kept |= rows_of(scored)
    return compared, kept


def rows_of(scored: object) -> set[tuple[object, ...]]:
    return set(zip(*(getattr(scored, name).tolist() for name in ("a", "b", "score", "tier", "vetoed")), strict=True))


@pytest.mark.parametrize("size", [200, 777])
def test_any_split_gives_the_pairs_and_scores_of_one_machine(size: int) -> None:
    records = made_up(size)
    model = Model(**{name: getattr(DEFAULT, name) for name in DEFAULT.__slots__} | {"words": word_counts(records)})
    here = compare_here(records, model)
    compared, kept = in_parts(records, model, size)
    assert compared == here.candidates
    assert kept == rows_of(here.scored)
    assert len(kept) > SIZE / 10


def test_the_records_above_crowd_a_key() -> None:
    records = made_up(200)
    assert records.names.count("华达科技") > BLOCK_CAP


def test_no_key_has_more_refinements_than_are_carried() -> None:
    from crmcli.matching.features import features_of

    features = features_of(made_up(1).take(range(50)))
    assert max(len(key(features).refinements) for key in KEYS) <= REFINEMENTS


def test_a_part_that_has_only_stated_numbers_compares_their_ends_as_the_rest_does() -> None:
    records = MatchBatch(ids=["1", "2"], names=["甲", "乙"], phones=["+8613800138000", "13800138000"])
    assert whole_of(records, DEFAULT).ends
    assert not whole_of(records.take([0]), DEFAULT).ends
