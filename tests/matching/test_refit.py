from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crmcli.matching.expected import EXPECTED, PER
from crmcli.matching.find import find_duplicates
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.model_text import from_plain, to_plain, version_of
from crmcli.matching.records import MatchBatch
from crmcli.matching.refit import MOST_FALLEN, MOST_RISEN, Refit, refit

MAKER = Path(__file__).parents[3] / "shared" / "tools" / "make_customers.py"
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉"


def park(seed: int = 3, size: int = 700) -> tuple[MatchBatch, dict[str, int]]:
    """Return tenants of six buildings of one park, each with one switchboard, and id -> who it really is.

    Unlike what the shipped weights expect, road, number, city and landline tell nobody apart here.
    """
    draw = random.Random(seed)
    rows: list[tuple[int, str, str, int]] = []
    for i in range(size):
        name = draw.choice(SURNAMES) + draw.choice(GIVEN) + draw.choice(GIVEN)
        mobile, building = f"+8613{draw.randrange(10**9):09}", draw.randrange(6)
        rows.append((i, name, mobile, building))
        if draw.random() < 0.3:
            other = f"+8615{draw.randrange(10**9):09}"
            written = draw.choice([(name, mobile), (name, other), (f"{name[0]}总", mobile), ("", mobile)])
            rows.append((i, *written, building))
    draw.shuffle(rows)
    batch = MatchBatch(
        [str(i) for i in range(len(rows))],
        [""] * len(rows),
        phones=[f"{mobile};+8651260000{building:03}" for _, _, mobile, building in rows],
        addresses=[f"苏州市工业园区星湖街{building * 7 + 1}号" for _, _, _, building in rows],
        contacts=[name for _, name, _, _ in rows],
    )
    return batch, {str(i): row[0] for i, row in enumerate(rows)}


@pytest.fixture(scope="module")
def tenants() -> tuple[MatchBatch, dict[str, int], Refit]:
    batch, truth = park()
    return batch, truth, refit(batch, DEFAULT)


def f1(batch: MatchBatch, truth: dict[str, int], model: Model) -> float:
    found = find_duplicates(batch, model).pairs
    told = [(a, b) for a, b, tier in zip(found.a, found.b, found.tier, strict=True) if tier in ("auto", "review")]
    right = sum(truth[a] == truth[b] for a, b in told)
    really = sum(n * (n - 1) // 2 for n in Counter(truth.values()).values())
    return 2 * right / (len(told) + really)


def weights(model: Model) -> dict[tuple[str, str], float]:
    return {(field, level.name): level.weight for field, levels in model.levels.items() for level in levels}


def test_data_unlike_what_ships_is_matched_better(tenants: Any) -> None:
    batch, truth, fitted = tenants
    assert f1(batch, truth, fitted.model) > f1(batch, truth, DEFAULT) + 0.1


def test_what_tells_nobody_apart_weighs_less(tenants: Any) -> None:
    _, _, fitted = tenants
    before, after = weights(DEFAULT), weights(fitted.model)
    for level in (("phone", "landline same"), ("address", "same"), ("city", "same")):
        assert after[level] < before[level]
    assert after["phone", "mobile same"] > after["phone", "landline same"] + 3


def test_the_order_of_the_records_does_not_matter(tenants: Any) -> None:
    batch, _, fitted = tenants
    turned = batch.take(range(len(batch) - 1, -1, -1))
    assert to_plain(refit(turned, DEFAULT)) == to_plain(fitted)


def test_weights_keep_their_order_their_side_and_their_bounds(tenants: Any) -> None:
    _, _, fitted = tenants
    for field, levels in fitted.model.levels.items():
        shipped = DEFAULT.levels[field]
        ranked = sorted(range(len(levels)), key=lambda i: shipped[i].weight)
        for low, high in pairwise(ranked):
            assert (
                field not in EXPECTED
                or "unknown" in (levels[low].name, levels[high].name)
                or (levels[low].weight <= levels[high].weight)
            )
        for before, after in zip(shipped, levels, strict=True):
            assert before.weight * after.weight >= 0
            assert -MOST_FALLEN - 0.1 <= after.weight - before.weight <= MOST_RISEN + 0.1


def test_vetoes_and_thresholds_stay(tenants: Any) -> None:
    _, _, fitted = tenants
    never = [[level.never_auto for level in levels] for levels in fitted.model.levels.values()]
    assert never == [[level.never_auto for level in levels] for levels in DEFAULT.levels.values()]
    assert (fitted.model.auto_score, fitted.model.review_score) == (DEFAULT.auto_score, DEFAULT.review_score)


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_little_data_moves_nothing(rows: int) -> None:
    batch, _ = park()
    assert weights(refit(batch.take(range(rows)), DEFAULT).model) == weights(DEFAULT)


def test_names_alone_move_no_weight() -> None:
    names = MatchBatch(
        [str(i) for i in range(200)], [f"上海{SURNAMES[i % 20]}信{GIVEN[i % 7]}贸易有限公司" for i in range(200)]
    )
    fitted = refit(names, DEFAULT)
    assert weights(fitted.model) == weights(DEFAULT)
    assert fitted.model.frequencies["brand"].records == 200


def test_a_model_survives_being_written_down(tenants: Any) -> None:
    _, _, fitted = tenants
    plain = to_plain(fitted)
    again = from_plain(plain, "R7-em-1234", DEFAULT)
    assert (weights(again), again.frequencies) == (weights(fitted.model), fitted.model.frequencies)
    assert again.version == "R7-em-1234"


def test_the_name_tells_the_content(tenants: Any) -> None:
    _, _, fitted = tenants
    plain = to_plain(fitted)
    other = {**plain, "matches": {}}
    assert version_of(plain, "R7") == version_of(to_plain(fitted), "R7") != version_of(other, "R7")
    assert version_of(plain, "R7").startswith("R7-em-")


@pytest.mark.parametrize("field", EXPECTED)
def test_what_is_expected_adds_up_and_has_levels(field: str) -> None:
    known = {level.name for level in DEFAULT.levels[field]}
    assert set(EXPECTED[field]) <= known
    for side in (0, 1):
        assert sum(shares[side] for shares in EXPECTED[field].values()) == pytest.approx(PER, rel=0.002)


@pytest.mark.skipif(not MAKER.exists(), reason="the maker of synthetic customers is not here")
@pytest.mark.slow
def test_data_like_what_ships_is_matched_as_well(tmp_path: Path) -> None:
    made = tmp_path / "customers.csv"
    subprocess.run([sys.executable, str(MAKER), "10000", "7", str(made)], check=True)
    with made.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {name: [row[name] for row in rows] for name in ("id", "company", "contact", "phone", "email", "address")}
    phones = ["".join(c for c in text if c.isascii() and c.isdigit())[-11:] for text in columns["phone"]]
    batch = MatchBatch(
        columns["id"],
        columns["company"],
        phones=[f"+86{phone}" if phone else "" for phone in phones],
        emails=columns["email"],
        addresses=columns["address"],
        contacts=columns["contact"],
    )
    truth = {row["id"]: int(row["gold"]) for row in rows}
    assert f1(batch, truth, refit(batch, DEFAULT).model) >= f1(batch, truth, DEFAULT) - 0.005
