from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.jobs.deals.first_stage import enter_first_stage, with_currency
from crmcli.store.journal import open_run
from crmcli.store.records import fetch, fetch_where


@pytest.mark.parametrize(
    ("created", "entered"),
    [
        ("2026-03-01", "2026-03-01"),
        (None, "2026-06-30T09:00:00+08:00"),
        ("2026-12-01", "2026-06-30T09:00:00+08:00"),
    ],
)
def test_a_deal_enters_when_it_was_created_and_never_in_the_future(
    desk: Any, created: str | None, entered: str
) -> None:
    deal = ENTITIES["opportunity"].blank() | {"name": "年框", "status": "open", "created_at": created}
    with open_run(desk.workspace.db, desk.workspace.start("add")) as run:
        number = run.insert("opportunity", [deal])[0]
        stored = fetch(run.db, "opportunity", [number])[number]
        assert enter_first_stage(desk.workspace, run, stored) is None
    (event,) = fetch_where(desk.workspace.db, "event")
    assert (event["value"], event["at"], event["inferred"]) == ("初步接触", entered, 0)
    assert desk.one("opportunity")["stage"] == "初步接触"


def test_an_unknown_amount_has_no_currency(desk: Any) -> None:
    settings = desk.workspace.settings
    home = settings.workspace.model_copy(update={"currency": "EUR"})
    abroad = replace(desk.workspace, settings=settings.model_copy(update={"workspace": home}))
    assert with_currency(abroad, {"amount_fen": 0, "currency": None}) == {"amount_fen": 0, "currency": "EUR"}
    assert with_currency(abroad, {"amount_fen": 1, "currency": "USD"})["currency"] == "USD"
    assert with_currency(abroad, {"amount_fen": None, "currency": None})["currency"] is None
