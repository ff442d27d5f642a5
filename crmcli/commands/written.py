"""What every command that writes says of its writing: that it was a rehearsal, or how to take it back."""

from __future__ import annotations

from crmcli.i18n import _


def rehearsal_lines(*, dry_run: bool) -> list[str]:
    """Return what a rehearsal says before its result; nothing where the command was in earnest."""
    return [_("dry run: nothing was written")] if dry_run else []


def undo_lines(run: str | None) -> list[str]:
    """Return how a run (`R7`) is taken back; nothing where none was kept, as after a rehearsal."""
    return [_("run {run}; take it back with: crmcli undo {run}").format(run=run)] if run else []
