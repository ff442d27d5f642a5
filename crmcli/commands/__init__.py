"""The command groups, one a file: parse, call a job, print its result."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

# in the order of the journey, which is the order of `crmcli --help`
_MODULES = (
    "demo",
    "workspace",
    "inspect",
    "import_files",
    "reconcile",
    "series",
    "records",
    "deals",
    "task",
    "approval",
    "attach",
    "dedupe",
    "apply",
    "lookup",
    "grade",
    "assign",
    "handover",
    "pool",
    "collision",
    "remind",
    "worklist",
    "report",
    "explain",
    "run",
    "journal",
    "safety",
)


def add_all(app: typer.Typer) -> None:
    """Add every command to the tree."""
    for name in _MODULES:
        import_module(f"crmcli.commands.{name}").add(app)
