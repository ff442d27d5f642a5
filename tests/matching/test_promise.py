"""Pairs that are left out unseen are different by every model: nothing that would be kept is lost."""

import random
from dataclasses import replace

import numpy as np
import pytest

from crmcli.matching.features import Features, features_of
from crmcli.matching.frequency import Frequency
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.pairs import DIFFERENT, score_pairs
from crmcli.matching.promise import promise_of
from crmcli.matching.records import MatchBatch

PLACES = ["", "北京", "上海", "苏州", "苏州昆山", "江苏", "Boston "]
BRANDS = ["鼎信", "鼎新", "信鼎", "恒泰华", "恒泰", "华盛宏远", "华盛宏元", "阿里", "Acme", "Acme Blue"]
TRADES = ["", "智能科技", "科技", "贸易", "国际贸易", "电子技术", "电子纪术", " Tools"]
FORMS = ["", "有限公司", "股份有限公司", "有限公司上海分公司", "(有限合伙)", " Inc"]
PHONES = ["", "+8613800000001", "+862162345678", "+8613800000001;+862162345678", "62345678"]
MAILS = ["", "a@ding.cn", "b@ding.cn", "bb@ding.cn", "c@qq.com"]
ADDRESSES = ["", "江苏省苏州市人民路1号", "人民路1号", "苏州市解放路1号", "12 Washington St", "12 Washington Street"]
SIZE = 220
CHEAP_REVIEW = replace(DEFAULT, review_score=52.0)
COMMON = Frequency(records=10_000, typical=900.0, rest=1.5, counts={"鼎信": 4_000})
FITTED = replace(DEFAULT, frequencies={**DEFAULT.frequencies, "brand": COMMON, "phone": COMMON})


def made(seed: int) -> Features:
    dice = random.Random(seed)

    def column(*choices: list[str]) -> list[str]:
        return ["".join(map(dice.choice, choices)) for _ in range(SIZE)]

    people = [dice.choice(("", "", "王伟", "王总", "李娜")) for _ in range(SIZE)]
    return features_of(
        MatchBatch(
            ids=[str(number) for number in range(SIZE)],
            names=column(PLACES, BRANDS, TRADES, FORMS),
            phones=column(PHONES),
            emails=column(MAILS),
            addresses=column(ADDRESSES),
            cities=column(["", "苏州市", "上海市"]),
            contacts=people,
            wechat=column(["", "", "wx1"]),
        )
    )


def every_pair() -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    return np.column_stack(np.triu_indices(SIZE, 1)).astype(np.int64)


@pytest.mark.parametrize("model", [DEFAULT, CHEAP_REVIEW, FITTED], ids=["shipped", "cheap review", "fitted"])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_not_worth_a_comparison_is_different(seed: int, model: Model) -> None:
    features, pairs = made(seed), every_pair()
    worth = promise_of(features, model).of(pairs[:, 0], pairs[:, 1])
    scored = score_pairs(features, pairs, model)
    assert not (scored.tier[~worth] != DIFFERENT).any()


@pytest.mark.parametrize(
    ("names", "phones", "worth"),
    [
        (["北京鼎信贸易有限公司", "上海鼎信物流有限公司"], ["", ""], False),
        (["北京鼎信贸易有限公司", "北京鼎信物流有限公司"], ["+8613800000001", "+8613800000001"], True),
        (["北京鼎信贸易有限公司", "北京鼎信物流有限公司"], ["", ""], True),
        (["北京鼎信贸易有限公司", "鼎信"], ["", ""], True),
        (["北京鼎信贸易有限公司", "北京鼎信贸易有限公司朝阳分公司"], ["", ""], True),
    ],
)
def test_sister_firms_with_nothing_else_in_common_are_left_out(
    names: list[str], phones: list[str], *, worth: bool
) -> None:
    promise = promise_of(features_of(MatchBatch(ids=["1", "2"], names=names, phones=phones)), DEFAULT)
    assert promise.of(np.array([0]), np.array([1])).tolist() == [worth]


@pytest.mark.parametrize("model", [DEFAULT, CHEAP_REVIEW, FITTED], ids=["shipped", "cheap review", "fitted"])
def test_pairs_left_out_early_change_nothing_about_the_others(model: Model) -> None:
    features, pairs = made(4), every_pair()
    promise = promise_of(features, model)
    whole, early = score_pairs(features, pairs, model), score_pairs(features, pairs, model, promise)
    kept = whole.where(whole.tier != DIFFERENT)
    for name in ("a", "b", "score", "tier", "vetoed"):
        assert getattr(kept, name).tolist() == getattr(early, name).tolist()


def test_some_of_the_records_in_another_order_promise_the_same() -> None:
    promise, rows = promise_of(made(5), DEFAULT), np.arange(SIZE)[::-3]
    left, right = np.triu_indices(len(rows), 1)
    assert promise.among(rows).of(left, right).tolist() == promise.of(rows[left], rows[right]).tolist()
