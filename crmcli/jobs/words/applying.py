"""The workbook of words back in: what each text means is kept, and what stands under it is placed anew, in one run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from crmcli.domain.records import ENTITIES
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg
from crmcli.jobs.returned import LeftRow, Returned, ReturnedRow
from crmcli.jobs.vocabulary import OWNER, REASON, STAGE, loss_reasons, owner_names, pipelines, stored_words
from crmcli.jobs.words.finding import KINDS, meanings, unplaced_words
from crmcli.jobs.words.placing import place_owner, place_reason, place_stage
from crmcli.jobs.workspace import Workspace
from crmcli.reports.decisions import KEEP_AS_IS, MEANING_HEADERS, WORD_HEADER, in_words
from crmcli.store.journal import Run, open_run

_PLACING = {STAGE: place_stage, REASON: place_reason, OWNER: place_owner}


@dataclass(slots=True)
class Taken:
    """What a workbook of words changed: `placed` texts mean something known, `kept` ones stay as they are.

    `records` counts those that were placed anew; `undecided` rows were left open; `waiting` texts are still unplaced.
    """

    run: str | None
    rows: int = 0
    placed: int = 0
    kept: int = 0
    records: int = 0
    unchanged: int = 0
    undecided: int = 0
    waiting: int = 0
    left_out: list[LeftRow] = field(default_factory=list)

    @property
    def needs_attention(self) -> bool:
        """Return whether a row was left open or cannot be applied."""
        return bool(self.undecided or self.left_out)


def apply_words(workspace: Workspace, returned: Returned, *, dry_run: bool = False) -> Taken:
    """Return what a filled-in workbook of words changed: the words are kept, and later imports use them.

    Raises:
        CrmError: the database cannot be written.
    """
    done = Taken(None, rows=len(returned.rows))
    with open_run(workspace.db, workspace.start("words", dry_run=dry_run)) as run:
        done.run = run.shown_id
        for row in returned.rows:
            _apply_row(workspace, run, row, done)
        done.waiting = len(unplaced_words(workspace))
        run.counts.update({"placed": done.placed, "kept": done.kept, "left_out": len(done.left_out)})
    return done


def _apply_row(workspace: Workspace, run: Run, row: ReturnedRow, done: Taken) -> None:
    answer, word = row.of(*MEANING_HEADERS), _word(row.key)
    if not answer:
        done.undecided += 1
        return
    if word is None:
        done.left_out.append(LeftRow(row.row, WORD_HEADER, msg("the hidden column of this row was changed")))
        return
    kind, text = word
    as_is = fold(answer) in [fold(one) for one in KEEP_AS_IS]
    meaning = text if as_is else _meaning(workspace, kind, answer)
    said = {fold(written): means for written, means in stored_words(run.db, kind).items()}.get(fold(text))
    if meaning is not None and said == meaning:
        again = 0 if as_is else _PLACING[kind](workspace, run, text, meaning)
        done.records += again
        done.placed += bool(again)
        done.unchanged += not again
    elif why := _problem(workspace, kind, answer, meaning, said):
        done.left_out.append(LeftRow(row.row, in_words(MEANING_HEADERS), why))
    elif meaning is not None:
        run.insert("synonym", [ENTITIES["synonym"].blank() | {"kind": kind, "written": text, "meaning": meaning}])
        done.kept += as_is
        done.placed += not as_is
        done.records += 0 if as_is else _PLACING[kind](workspace, run, text, meaning)


def _word(key: str) -> tuple[str, str] | None:
    try:
        kind, text = json.loads(key)
    except (ValueError, TypeError):
        return None
    return (kind, text) if kind in KINDS and isinstance(text, str) and text else None


def _meaning(workspace: Workspace, kind: str, answer: str) -> str | None:
    """Return the stage or end, reason or owner that an answer names, None where there is none."""
    if kind == STAGE:
        places = [pipeline.place(answer) for pipeline in pipelines(workspace)]
        return next((place.name for place in places if place.kind != "unknown"), None)
    return loss_reasons(workspace).match(answer) if kind == REASON else owner_names(workspace).get(fold(answer))


def _problem(workspace: Workspace, kind: str, answer: str, meaning: str | None, said: str | None) -> Message | None:
    """Return why a word cannot be taken in, None where it can."""
    if meaning is None:
        known = [*meanings(workspace, kind), in_words(KEEP_AS_IS)]
        return msg("{text} is no {kind}; there are {known}", text=answer, kind=KINDS[kind], known=known)
    if said is not None:
        return msg("it is said to mean {meaning}: take that run back first, with crmcli undo", meaning=said)
    return None
