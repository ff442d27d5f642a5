from __future__ import annotations

from typing import Any

from crmcli.jobs.deals.moves import move_deal
from crmcli.jobs.deals.owner import Giving, give_deals
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.records.showing import show_record
from crmcli.store.journal import open_run
from crmcli.store.records import fetch

OWNED = ("owner", "events")


def _rest(desk: Any) -> tuple[Any, ...]:
    shown = show_record(desk.workspace, "opportunity", "O1")
    stages = [event for event in shown["events"] if event["field"] == "stage"]
    return {key: value for key, value in shown.items() if key not in OWNED}, stages


def test_whoever_gets_a_deal_its_stage_amount_and_follow_ups_stay(desk: Any) -> None:
    add_record(desk.workspace, "opportunity", ["name=年框", "amount=5", "owner=张伟"])
    move_deal(desk.workspace, "O1", "需求确认")
    log_activity(desk.workspace, "O1", "来电")
    before = _rest(desk)
    with open_run(desk.workspace.db, desk.workspace.start("handover")) as run:
        give_deals(run, [Giving(fetch(run.db, "opportunity", [1])[1], "王芳", None, "张伟")])
    assert (_rest(desk), show_record(desk.workspace, "opportunity", "O1")["owner"]) == (before, "王芳")
    set_fields(desk.workspace, "opportunity", "O1", ["owner=李伟"])
    assert _rest(desk) == before
