"""A sales process: its stages and ends, what a written stage means in it, and which moves it allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from crmcli.domain.conditions import Condition
from crmcli.domain.values.stage import DEFAULT_SYNONYMS, match_stage, written_stages
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg

Kind = Literal["open", "won", "lost", "void", "unknown"]
CATEGORIES = ("pipeline", "best_case", "commit", "omitted")
DEFAULT_WON, DEFAULT_LOST, DEFAULT_VOID = "赢单", "输单", "无效"


@dataclass(frozen=True, slots=True)
class StageTask:
    """A task that entering a stage makes. `owner` is a name, "owner" or "manager" of the deal; it is due in `days`."""

    title: str
    owner: str = "owner"
    days: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a pipeline. `rank` counts from 1; `probability` is 0-100, None unknown; `rot_days` None: never.

    `require` are the keys of opportunity fields that must be filled to enter it, `checklist` what must be ticked, and
    `approval` is who must have approved that ("" nobody). Entering it makes `tasks`; `max_days` is how long a deal may
    be in it, None: as long as it takes.
    """

    name: str
    rank: int
    probability: float | None = None
    rot_days: int | None = None
    category: str = "pipeline"
    require: tuple[str, ...] = ()
    max_days: int | None = None
    checklist: tuple[str, ...] = ()
    tasks: tuple[StageTask, ...] = ()
    approval: str = ""


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
    """A sales process: k stages in order, three ends, and `synonyms` (stage or end -> texts in old sheets).

    `renamed` are stages and ends that it once had -> what they are called now; several may have become one. New deals
    that meet `when` take this process; None: none does by itself. A deal is qualified from the stage `qualified` on; ""
    where none is named.
    """

    key: str
    name: str
    stages: tuple[Stage, ...]
    won: str = DEFAULT_WON
    lost: str = DEFAULT_LOST
    void: str = DEFAULT_VOID
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    when: Condition | None = None
    qualified: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the stages in order, then won, lost and void."""
        return (*(stage.name for stage in self.stages), self.won, self.lost, self.void)

    @cached_property
    def written(self) -> dict[str, str]:
        """Return folded text -> stage or end: own names, own synonyms, names of old, those that come with crmcli.

        The shipped synonyms of the ends count whatever the ends are called here.
        """
        ends = {self.won: DEFAULT_WON, self.lost: DEFAULT_LOST, self.void: DEFAULT_VOID}
        shipped = {mine: (usual, *DEFAULT_SYNONYMS[usual]) for mine, usual in ends.items()}
        words = written_stages(self.names, shipped)
        own = {fold(text): name for name in self.names for text in self.synonyms.get(name, ())}
        old = {fold(name): new for name in self.renamed if (new := self.now_called(name))}
        return words | old | own | {fold(name): name for name in self.names}

    def now_called(self, name: str) -> str | None:
        """Return what a stage or end of old is called now, itself where it is one now; None where it is gone.

        >>> Pipeline("k", "", (Stage("谈判", 1),), renamed={"议价": "磋商", "磋商": "谈判"}).now_called("议价")
        '谈判'
        """
        seen: set[str] = set()
        while name not in self.names and name in self.renamed and name not in seen:
            seen.add(name)
            name = self.renamed[name]
        return name if name in self.names else None

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


def pipeline_named(pipelines: Sequence[Pipeline], text: str | None) -> Pipeline | None:
    """Return the pipeline of that key or name, however it is written; None where there is none."""
    wanted = fold(text or "")
    by_key = next((pipeline for pipeline in pipelines if fold(pipeline.key) == wanted), None)
    return by_key or next((pipeline for pipeline in pipelines if wanted and fold(pipeline.name) == wanted), None)


def place_among(pipelines: Sequence[Pipeline], text: str, own: str | None = None) -> tuple[Pipeline, StagePlace]:
    """Return the first pipeline that knows a written stage, with its place; the deal's `own` is asked before others.

    A stage that none knows is of the own pipeline, else of the first one, kind "unknown".
    """
    mine = pipeline_named(pipelines, own) if own else None
    asked = [mine, *(one for one in pipelines if one is not mine)] if mine else pipelines
    places = [(pipeline, pipeline.place(text)) for pipeline in asked]
    return next((found for found in places if found[1].kind != "unknown"), places[0])


def pipeline_of(pipelines: Sequence[Pipeline], deal: Mapping[str, Any]) -> Pipeline:
    """Return a deal's pipeline: its own, else the first one that knows its stage, else the first one."""
    mine = pipeline_named(pipelines, deal["pipeline"])
    return mine or place_among(pipelines, deal["stage"] or "")[0]


def pipeline_for(pipelines: Sequence[Pipeline], fields: Mapping[str, Any]) -> Pipeline:
    """Return the pipeline of a new deal: the first one whose `when` its fields meet, else the first one."""
    chosen = (one for one in pipelines if one.when is not None and one.when.miss(fields) is None)
    return next(chosen, pipelines[0])


def check_move(pipeline: Pipeline, start: str | None, to: str) -> list[Message]:
    """Return what forbids a move from stage `start` (None: no stage yet) to `to` whatever the deal holds; else [].

    Stages may be skipped and stepped back over; a closed opportunity moves again only after it is reopened.

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
    return []


def skipped_between(pipeline: Pipeline, start: str | None, to: str) -> tuple[str, ...]:
    """Return the stages that a move from `start` (None: none yet) to `to` passes over, in order; () on the way back."""
    held, target = pipeline.place(start) if start else None, pipeline.place(to)
    if target.rank is None:
        return ()
    first = held.rank if held and held.rank is not None else 0
    return tuple(stage.name for stage in pipeline.stages if first < stage.rank < target.rank)


def steps_back(pipeline: Pipeline, start: str | None, to: str) -> bool:
    """Return whether a move leads to a stage before the one it leaves."""
    held, target = pipeline.place(start) if start else None, pipeline.place(to)
    return bool(held and held.kind == "open" and target.kind == "open" and (target.rank or 0) < (held.rank or 0))
