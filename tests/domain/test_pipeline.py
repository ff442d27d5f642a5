from __future__ import annotations

import pytest

from crmcli.domain.pipeline import DEFAULT_PIPELINE, Pipeline, Stage, check_move, place_among

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


def _wrong(start: str | None, to: str, **fields: object) -> list[str]:
    return [str(message) for message in check_move(DEFAULT_PIPELINE, start, to, fields)]


def test_a_gate_names_every_missing_field_of_the_stage_and_those_before() -> None:
    assert _wrong("初步接触", "商务谈判", amount=5) == [
        "商务谈判 needs the field expected_close",
        "商务谈判 needs the field product",
    ]
    assert len(_wrong("初步接触", "赢单")) == 3


def test_zero_is_an_amount_and_empty_text_is_none() -> None:
    assert _wrong("初步接触", "需求确认", amount=0) == []
    assert _wrong("初步接触", "需求确认", amount="") == ["需求确认 needs the field amount"]


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
