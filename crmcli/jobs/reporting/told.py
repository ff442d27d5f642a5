"""What is told of closed deals: their way in words, notes and conclusions, read when a report asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from crmcli.domain.metrics.review import Told
from crmcli.jobs.worklists.timeline import courses, in_words
from crmcli.jobs.workspace import Workspace
from crmcli.store.past import shows_the_past
from crmcli.store.records import fetch


def load_teller(workspace: Workspace) -> partial[Mapping[int, Told]] | None:
    """Return what tells of deals by number; None while the past is shown: words are known as of now only."""
    return None if shows_the_past(workspace.db) else partial(_told, workspace)


def _told(workspace: Workspace, numbers: Sequence[int]) -> Mapping[int, Told]:
    deals = fetch(workspace.db, "opportunity", numbers)
    found = courses(workspace, list(deals.values()))
    return {
        number: Told(in_words(found[number]), deal["loss_note"] or "", deal["conclusion"] or "")
        for number, deal in deals.items()
    }
