"""What a round is made of, and what became of its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from crmcli.errors import ExitCode
from crmcli.i18n import Message
from crmcli.jobs.workspace import Workspace

State = Literal["done", "earlier", "failed", "left"]


@dataclass(frozen=True, slots=True)
class Done:
    """What a step did. `attention`: rows need somebody; `due`: something is to be done today.

    `run` is None where the step wrote nothing of its own to the database.
    """

    run: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    attention: bool = False
    due: bool = False
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a round. `journals`: it opens a run of its own, which tells that it was done.

    `vital`: where it fails, the steps behind it are left.
    """

    name: str
    act: Callable[[Workspace, Path], Done]
    journals: bool
    vital: bool = False


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step: done now, done earlier, failed (why), or left because a vital one failed."""

    step: str
    state: State
    done: Done = field(default_factory=Done)
    why: Message | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What became of a round. `key` is the day or week it is of: `2026-03-05`, `2026-W10`."""

    kind: str
    key: str
    steps: tuple[StepResult, ...]
    dry_run: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """Return the gravest of: a step failed, rows need attention, something is due, all is well."""
        done = [result.done for result in self.steps if result.state == "done"]
        if any(result.state == "failed" for result in self.steps):
            return ExitCode.FAILURE
        if any(one.attention for one in done):
            return ExitCode.ATTENTION
        return ExitCode.DUE if any(one.due for one in done) else ExitCode.OK

    def document(self) -> dict[str, Any]:
        """Return the summary as JSON."""
        return {
            "round": self.kind,
            "of": self.key,
            "dry_run": self.dry_run,
            "exit": int(self.exit_code),
            "steps": [_row(result) for result in self.steps],
        }


def _row(result: StepResult) -> dict[str, Any]:
    done = result.done
    return {
        "step": result.step,
        "state": result.state,
        "run": done.run,
        "counts": done.counts,
        "files": [str(path) for path in done.files],
        "attention": done.attention,
        "due": done.due,
        "notes": [str(note) for note in done.notes],
        "why": None if result.why is None else str(result.why),
        "seconds": result.seconds,
    }
