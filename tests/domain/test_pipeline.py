from __future__ import annotations

from dataclasses import replace

import pytest

from crmcli.domain.conditions import Condition, parse_condition
from crmcli.domain.pipeline import (
    DEFAULT_PIPELINE,
    Pipeline,
    Stage,
    StagePlace,
    check_move,
    pipeline_for,
    pipeline_of,
    place_among,
    skipped_between,
    steps_back,
)

ENGLISH = Pipeline(
    "standard",
    "Standard",
    (Stage("Talk", 1), Stage("Offer", 2, require=("amount",))),
    won="Signed",
    lost="Gone",
    void="Junk",
    synonyms={"Offer": ("已报价", "Prospecting"), "Gone": ("丢单了",)},
)


@pytest.mark.parametrize(
    ("text", "name", "kind", "rank"),
    [
        ("初步接触", "初步接触", "open", 1),
        ("Prospecting", "初步接触", "open", 1),
        ("engaging", "需求确认", "open", 2),
        ("已报价", "方案报价", "open", 3),
        ("谈判中", "商务谈判", "open", 4),
        ("Closed Won", "赢单", "won", 5),
        ("丢单", "输单", "lost", None),
        ("无效", "无效", "void", None),
        ("等老板点头", "等老板点头", "unknown", None),
    ],
)
def test_written_stage_has_its_place(text: str, name: str, kind: str, rank: int | None) -> None:
    place = DEFAULT_PIPELINE.place(text)
    assert (place.name, place.kind, place.rank) == (name, kind, rank)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Closed Won", "Signed", "won"),
        ("赢单", "Signed", "won"),
        ("丢单", "Gone", "lost"),
        ("丢单了", "Gone", "lost"),
        ("无效", "Junk", "void"),
        ("Prospecting", "Offer", "open"),
        ("Engaging", "Engaging", "unknown"),
    ],
)
def test_shipped_synonyms_of_the_ends_follow_a_pipeline_with_other_names(text: str, name: str, kind: str) -> None:
    place = ENGLISH.place(text)
    assert (place.name, place.kind) == (name, kind)


def test_the_first_pipeline_that_knows_a_stage_places_it() -> None:
    pipelines = (DEFAULT_PIPELINE, ENGLISH)
    assert place_among(pipelines, "Talk")[0] is ENGLISH
    assert place_among(pipelines, "Won")[0] is DEFAULT_PIPELINE
    unknown = place_among(pipelines, "?!")
    assert (unknown[0], unknown[1].kind) == (DEFAULT_PIPELINE, "unknown")


def _wrong(start: str | None, to: str) -> list[str]:
    return [str(message) for message in check_move(DEFAULT_PIPELINE, start, to)]


TWO = (
    Pipeline("fast", "快销", (Stage("接触", 1), Stage("签约", 2, 60))),
    Pipeline("big", "大客户", (Stage("接触", 1), Stage("招标", 2), Stage("签约", 3, 90))),
)


def test_a_deals_own_pipeline_places_its_stages_first() -> None:
    assert [place_among(TWO, "签约", own)[1].rank for own in (None, "fast", "big", "大客户")] == [2, 2, 3, 3]
    assert place_among(TWO, "招标", "fast") == (TWO[1], StagePlace("招标", "open", 2))
    assert place_among(TWO, "没有", "big")[0] is TWO[1]
    assert place_among(TWO, "签约", "gone")[1].rank == 2


def test_the_pipeline_of_a_deal_is_its_own_or_that_of_its_stage() -> None:
    deals = [("big", "接触"), (None, "招标"), (None, None), ("gone", "招标")]
    found = [pipeline_of(TWO, {"pipeline": key, "stage": stage}).key for key, stage in deals]
    assert found == ["big", "big", "fast", "big"]


def test_the_first_condition_that_holds_chooses_the_pipeline_of_a_new_deal() -> None:
    large = parse_condition({"amount": ">= 100万"})
    assert isinstance(large, Condition)
    known = (TWO[0], replace(TWO[1], when=large))
    assert [pipeline_for(known, {"amount": amount}).key for amount in (2_000_000, 5, None)] == ["big", "fast", "fast"]


def test_old_names_are_understood_and_a_name_of_now_means_itself() -> None:
    renamed = replace(TWO[0], renamed={"初谈": "接触", "拜访": "初谈", "报价": "没有了"})
    assert [renamed.place(text).name for text in ("初谈", "拜访", "报价", "签约")] == ["接触", "接触", "报价", "签约"]
    assert renamed.place("报价").kind == "unknown"


def test_skips_and_steps_back() -> None:
    moves = [("接触", "签约"), ("签约", "接触"), (None, "招标"), ("招标", "赢单"), ("接触", "输单"), ("?", "接触")]
    assert [skipped_between(TWO[1], *move) for move in moves] == [("招标",), (), ("接触",), ("签约",), (), ()]
    assert [steps_back(TWO[1], *move) for move in moves] == [False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("start", "to"),
    [("方案报价", "初步接触"), (None, "初步接触"), ("商务谈判", "输单"), ("等老板点头", "无效")],
)
def test_steps_back_and_unfilled_ends_are_allowed(start: str | None, to: str) -> None:
    assert _wrong(start, to) == []


@pytest.mark.parametrize(
    ("start", "to", "sentence"),
    [
        ("赢单", "初步接触", "it is closed (赢单): reopen it first"),
        ("Lost", "无效", "it is closed (输单): reopen it first"),
        ("Engaging", "需求确认", "it is in stage 需求确认 already"),
    ],
)
def test_moves_that_are_refused_say_why(start: str, to: str, sentence: str) -> None:
    assert _wrong(start, to) == [sentence]


def test_an_unknown_target_lists_the_stages() -> None:
    (sentence,) = _wrong("初步接触", "老板点头")
    assert sentence.startswith("there is no stage 老板点头")
    assert "商务谈判, 赢单" in sentence
