"""Ticking off what a deal's stages ask for."""

from __future__ import annotations

from typing import Any

from crmcli.domain.gates import checklist_of
from crmcli.domain.pipeline import pipeline_of
from crmcli.domain.records import Record, record_number
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.deals.stages import present_deals
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch


class UnknownItem(CrmError):
    """No stage of the deal's pipeline has this on its checklist."""

    code = "checklist.unknown"

    def __init__(self, item: str, deal: str, items: list[str]) -> None:
        words = msg("there is no {item} on the checklist; there are {items}", item=item, items=items)
        super().__init__(words if items else msg("no stage of its pipeline has a checklist"), where=deal)


def checklist(workspace: Workspace, ref: str) -> dict[str, Any]:
    """Return a deal's `id`, `name`, `stage` and its `items`: stage, item and whether it is `ticked`.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    return _shown(workspace, fetch(workspace.db, "opportunity", [number])[number]) | {"run": None}


def tick(workspace: Workspace, ref: str, item: str, *, undo: bool = False, dry_run: bool = False) -> dict[str, Any]:
    """Return a deal's checklist, as `checklist` does, after an item was ticked, or its tick taken away; with its `run`.

    An item is named by its text or by any part of it that no other has.

    Raises:
        UnknownItem: no stage of the deal's pipeline asks for it.
        CrmError: the reference finds nothing or several.
    """
    number = find_record(workspace.db, ref, ("opportunity",))[1]
    with open_run(workspace.db, workspace.start("set", dry_run=dry_run)) as run:
        deal = fetch(workspace.db, "opportunity", [number])[number]
        meant = _meant(item, list(dict.fromkeys(text for _, text in _items(workspace, deal))), number)
        others = [text for text in deal["checklist"] if fold(text) != fold(meant)]
        deal = run.update("opportunity", deal, {"checklist": others if undo else [*others, meant]})
        return _shown(workspace, deal) | {"run": run.shown_id}


def _meant(text: str, items: list[str], number: int) -> str:
    exact = [item for item in items if fold(item) == fold(text)]
    found = exact or [item for item in items if fold(text) and fold(text) in fold(item)]
    if len(found) != 1:
        raise UnknownItem(text, record_number("opportunity", number), items)
    return found[0]


def _items(workspace: Workspace, deal: Record) -> list[tuple[str, str]]:
    return checklist_of(pipeline_of(pipelines(workspace), deal))


def _shown(workspace: Workspace, deal: Record) -> dict[str, Any]:
    ticked = {fold(text) for text in deal["checklist"]}
    items = [{"stage": stage, "item": item, "ticked": fold(item) in ticked} for stage, item in _items(workspace, deal)]
    (now,) = present_deals(workspace.db, [deal], workspace.now())
    number = record_number("opportunity", deal["id"])
    return {"id": number, "name": deal["name"], "stage": now["stage"], "items": items}
