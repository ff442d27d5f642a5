from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from crmcli.errors import CrmError
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.pool.claim import ClaimRefused, claim_customer
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database
from crmcli.store.records import fetch, fetch_where

Office = Callable[..., Workspace]


def fallen(office: Office, more: str = "", customers: int = 1) -> None:
    """Put customers of 王芳 into the pool on 30 June."""
    for number in range(1, customers + 1):
        add_record(office("2026-05-01"), "customer", [f"name=客户{number}", "owner=王芳"])
    assert len(run_pool(office(more=more)).fallen) == customers


def refused(workspace: Workspace, who: str, ref: str = "C1", pool: str = "") -> tuple[str, str]:
    with pytest.raises(ClaimRefused) as failure:
        claim_customer(workspace, ref, who, pool=pool)
    return str(failure.value.message), str(failure.value.hint or "")


def test_a_claim_gives_the_customer_and_its_history_says_so(office: Office) -> None:
    fallen(office)
    done = claim_customer(office("2026-07-01"), "C1", "李强", pool="公海")
    customer = fetch(office().db, "customer", [1])[1]
    assert (done.document()["owner"], customer["owner"], customer["pool"]) == ("李强", "李强", None)
    last = fetch_where(office().db, "holding")[-1]
    assert (last["from_pool"], last["owner"], last["kind"]) == ("公海", "李强", "claim")
    assert refused(office("2026-07-01"), "王芳")[0] == "not claimed: 李强 has it"


def test_deals_that_went_into_the_pool_come_out_with_their_customer(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    add_record(office("2026-05-01"), "opportunity", ["name=改造", "customer=C1", "owner=王芳", "stage=初步接触"])
    run_pool(office(more='protect = []\nopen_deals = "move"'))
    assert claim_customer(office("2026-07-01"), "C1", "李强").deals == ("O1",)
    deal = fetch(office().db, "opportunity", [1])[1]
    assert (deal["owner"], deal["pool"], deal["stage"]) == ("李强", None, "初步接触")


def test_a_claim_is_refused_with_its_reason_and_the_next_allowed_day(office: Office) -> None:
    keys = 'members = ["华南", "王芳"]\nclaim_per_day = 1\nprevious_owner_days = 15\nnew_days = 2\nmax_owned = 1'
    fallen(office, keys, customers=3)
    assert refused(office("2026-07-01", keys), "李强") == (
        "not claimed: it fell in on 2026-06-30: nobody may claim it for 2 days",
        "possible from 2026-07-02 on",
    )
    assert refused(office("2026-07-05", keys), "王芳")[1] == "possible from 2026-07-15 on"
    assert claim_customer(office("2026-07-05", keys), "C1", "李强").owner == "李强"
    words, when = refused(office("2026-07-05", keys), "李强", "C2")
    assert "has 1 customers, 1 at most" in words
    assert "has claimed 1 today, 1 a day at most" in words
    assert when == "", "no day ends the limit of customers"
    day = keys.replace("max_owned = 1", "")
    assert refused(office("2026-07-05", day), "李强", "C2")[1] == "possible from 2026-07-06 on"
    assert claim_customer(office("2026-07-06", day), "C2", "李强").customer == "C2"
    assert claim_customer(office("2026-07-15", day), "C3", "王芳").customer == "C3"


def test_only_members_that_are_known_and_only_from_the_pool_it_is_in(office: Office) -> None:
    fallen(office)
    assert refused(office(), "谁")[0] == "not claimed: nobody is known as the owner 谁"
    assert refused(office(more='members = ["华东"]'), "李强")[0] == "not claimed: 李强 is no member of 公海"
    assert refused(office(), "李强", pool="大客户池")[0] == "not claimed: it is in the pool 公海"
    add_record(office(), "customer", ["name=自由"])
    assert refused(office(), "李强", "C2")[0] == "not claimed: it is in no pool"
    assert fetch(office().db, "customer", [1])[1]["pool"] == "公海", "a refused claim leaves everything"


def test_of_two_claims_at_once_the_first_wins(office: Office) -> None:
    fallen(office)
    workspace = office("2026-07-01")

    def claim(who: str) -> str:
        with open_database(workspace.db.path) as db:
            return claim_customer(replace(workspace, db=db), "C1", who).owner

    winners = []
    with ThreadPoolExecutor(2) as threads:
        for future in [threads.submit(claim, who) for who in ("李强", "王芳")]:
            with suppress(ClaimRefused):
                winners.append(future.result())
    (winner,) = winners
    assert fetch(workspace.db, "customer", [1])[1]["owner"] == winner
    assert len(fetch_where(workspace.db, "holding", "kind = 'claim'")) == 1


def test_a_claim_can_be_taken_back_and_a_dry_one_changes_nothing(office: Office) -> None:
    fallen(office)
    assert claim_customer(office(), "C1", "李强", dry_run=True).run is None
    assert fetch(office().db, "customer", [1])[1]["pool"] == "公海"
    done = claim_customer(office(), "C1", "李强")
    undo_run(office(), done.run or "")
    assert fetch(office().db, "customer", [1])[1]["pool"] == "公海"
    with pytest.raises(CrmError):
        claim_customer(office(), "没有这家", "李强")


def test_whom_a_sheet_calls_the_pool_s_can_be_claimed_before_the_pools_were_run(office: Office, desk: Any) -> None:
    desk.load(desk.write("客户.csv", ("客户名称", "负责人"), ("华东精密", "公海"), ("昆山五金", "公海")))
    claim_customer(office("2026-07-01"), "C1", "李强")
    first, second = fetch(office().db, "customer", [1, 2]).values()
    assert (first["owner"], first["pool"], second["owner"]) == ("李强", None, "公海")
    kept = [
        (row["from_owner"], row["from_pool"], row["owner"], row["pool"]) for row in fetch_where(office().db, "holding")
    ]
    assert kept == [(None, None, None, "公海"), (None, "公海", "李强", None)]
