"""A sales process: its stages and ends, what a written stage means in it, and which moves its gates allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from crmcli.domain.values.stage import DEFAULT_SYNONYMS, match_stage, written_stages
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg

Kind = Literal["open", "won", "lost", "void", "unknown"]
CATEGORIES = ("pipeline", "best_case", "commit", "omitted")
DEFAULT_WON, DEFAULT_LOST, DEFAULT_VOID = "赢单", "输单", "无效"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a pipeline. `rank` counts from 1; `probability` is 0-100, None unknown; `rot_days` None: never.

    `require` are the keys of opportunity fields that must be filled to enter it.
    """

    name: str
    rank: int
    probability: float | None = None
    rot_days: int | None = None
    category: str = "pipeline"
    require: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StagePlace:
    """Where a written stage stands. `rank` is 1..k in a stage, k+1 when won, None for lost, void and unknown.

    `probability` (0-100) is the stage's own, None where it has none.
    """

    name: str
    kind: Kind
    rank: int | None = None
    probability: float | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Pipeline:
    """A sales process: k stages in order, three ends, and `synonyms` (stage or end -> texts in old sheets)."""

    key: str
    name: str
    stages: tuple[Stage, ...]
    won: str = DEFAULT_WON
    lost: str = DEFAULT_LOST
    void: str = DEFAULT_VOID
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the stages in order, then won, lost and void."""
        return (*(stage.name for stage in self.stages), self.won, self.lost, self.void)

    @cached_property
    def written(self) -> dict[str, str]:
        """Return folded text -> stage or end: own names before own synonyms before those that come with crmcli.

        The shipped synonyms of the ends count whatever the ends are called here.
        """
        ends = {self.won: DEFAULT_WON, self.lost: DEFAULT_LOST, self.void: DEFAULT_VOID}
        shipped = {mine: (usual, *DEFAULT_SYNONYMS[usual]) for mine, usual in ends.items()}
        words = written_stages(self.names, shipped)
        own = {fold(text): name for name in self.names for text in self.synonyms.get(name, ())}
        return words | own | {fold(name): name for name in self.names}

    def with_words(self, words: Mapping[str, str]) -> Pipeline:
        """Return the pipeline that knows more written texts: text -> stage or end; those it knows stay as they are."""
        fresh: dict[str, tuple[str, ...]] = {}
        for text, name in words.items():
            if name in self.names and fold(text) not in self.written:
                fresh[name] = (*fresh.get(name, ()), text)
        more = {name: (*self.synonyms.get(name, ()), *texts) for name, texts in fresh.items()}
        return replace(self, synonyms={**self.synonyms, **more}) if more else self

    def place(self, text: str) -> StagePlace:
        """Return where a written stage stands; a text that means nothing here keeps its own name, kind "unknown".

        >>> [DEFAULT_PIPELINE.place(text).name for text in ("Engaging", "closed won", "等老板点头")]
        ['需求确认', '赢单', '等老板点头']
        """
        name = match_stage(text, self.written)
        if name is None:
            return StagePlace(text, "unknown")
        ends: dict[str, tuple[Kind, int | None]] = {
            self.won: ("won", len(self.stages) + 1),
            self.lost: ("lost", None),
            self.void: ("void", None),
        }
        kind, rank = ends[name] if name in ends else ("open", self.names.index(name) + 1)
        stage = self.stage(name)
        return StagePlace(name, kind, rank, stage.probability if stage else None)

    def stage(self, name: str) -> Stage | None:
        """Return the stage of that exact name, None for an end or an unknown name."""
        return next((stage for stage in self.stages if stage.name == name), None)


DEFAULT_PIPELINE = Pipeline(
    key="standard",
    name="标准销售",
    stages=(
        Stage("初步接触", 1, 10, 7),
        Stage("需求确认", 2, 30, 14, "pipeline", ("amount",)),
        Stage("方案报价", 3, 50, 14, "best_case", ("amount", "expected_close")),
        Stage("商务谈判", 4, 80, 10, "commit", ("amount", "expected_close", "product")),
    ),
)


def place_among(pipelines: Sequence[Pipeline], text: str) -> tuple[Pipeline, StagePlace]:
    """Return the first pipeline that knows a written stage, with its place; else the first one, kind "unknown"."""
    places = [(pipeline, pipeline.place(text)) for pipeline in pipelines]
    return next((found for found in places if found[1].kind != "unknown"), places[0])


def check_move(pipeline: Pipeline, start: str | None, to: str, fields: Mapping[str, Any]) -> list[Message]:
    """Return what forbids a person's move from stage `start` (None: no stage yet) to `to`; empty where it may be.

    `fields` are the opportunity's, by catalogue key. Stages may be skipped and stepped back over; a closed
    opportunity moves again only after it is reopened. Lost asks for no field: its reason is `check_loss`'s matter.

    Source: definitions.md, "Stage rules".
    """
    target = pipeline.place(to)
    if target.kind == "unknown":
        return [msg("there is no stage {stage}; the stages are {stages}", stage=to, stages=pipeline.names)]
    held = pipeline.place(start) if start else None
    if held and held.kind in {"won", "lost", "void"}:
        return [msg("it is closed ({stage}): reopen it first", stage=held.name)]
    if held and held.name == target.name:
        return [msg("it is in stage {stage} already", stage=target.name)]
    missing = [key for key in required_fields(pipeline, target) if fields.get(key) in (None, "", [])]
    return [msg("{stage} needs the field {field}", stage=target.name, field=key) for key in missing]


def required_fields(pipeline: Pipeline, place: StagePlace) -> list[str]:
    """Return the fields that a place and every stage before it ask for; none for lost and void."""
    if place.rank is None:
        return []
    keys = [key for stage in pipeline.stages if stage.rank <= place.rank for key in stage.require]
    return list(dict.fromkeys(keys))
