from __future__ import annotations

from collections.abc import Callable

import pytest

from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.pool.claim import ClaimRefused
from crmcli.jobs.pool.claim_deal import claim
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch, fetch_where

Office = Callable[..., Workspace]


def pooled(office: Office, *customer: str, deals: int = 1, more: str = "") -> None:
    """Put deals of a new customer into the pool on 30 June: no rule gives them to anybody."""
    number = len(fetch_where(office().db, "customer")) + 1
    add_record(office(), "customer", [f"name=客户{number}", *customer])
    for _ in range(deals):
        add_record(office(), "opportunity", [f"name=改造{number}", f"customer=C{number}"])
    assign_opportunities(office(more=more))


def held(office: Office, kind: str = "opportunity", number: int = 1) -> tuple[str | None, str | None]:
    record = fetch(office().db, kind, [number])[number]
    return record["owner"], record["pool"]


def refused(workspace: Workspace, ref: str, who: str, pool: str = "") -> tuple[str, str]:
    with pytest.raises(ClaimRefused) as failure:
        claim(workspace, ref, who, pool=pool)
    return str(failure.value.message), str(failure.value.hint or "")


@pytest.mark.parametrize("ref", ["O1", "o1", "改造1"])
def test_a_deal_in_a_pool_is_claimed_alone_and_given_back_by_undo(office: Office, ref: str) -> None:
    pooled(office)
    assert held(office) == (None, "公海")
    assert claim(office(), ref, "李强", dry_run=True).run is None
    done = claim(office("2026-07-01"), ref, "李强")
    assert (done.claimed, done.customer, done.deals, done.owner, done.pool) == ("O1", "C1", ("O1",), "李强", "公海")
    assert held(office) == ("李强", None)
    assert fetch(office().db, "opportunity", [1])[1]["owner_by"] == "person"
    last = fetch_where(office().db, "event", "field = 'owner'")[-1]
    assert (last["value"], last["reason"]) == ("李强", "领取自公海")
    assert refused(office(), ref, "王芳")[0] == "not claimed: 李强 has it"
    undo_run(office(), done.run or "")
    assert held(office) == (None, "公海")


def test_a_deal_whose_customer_is_in_the_pool_too_brings_it(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    for name in ("改造", "备件"):
        add_record(office("2026-05-01"), "opportunity", [f"name={name}", "customer=C1", "owner=王芳"])
    run_pool(office(more='protect = []\nopen_deals = "move"'))
    done = claim(office("2026-07-01"), "O2", "李强")
    assert (done.claimed, done.deals) == ("C1", ("O1", "O2"))
    assert held(office, "customer") == ("李强", None)


def test_the_limits_of_customers_are_those_of_deals(office: Office) -> None:
    pooled(office)
    pooled(office)
    keys = "claim_per_day = 1"
    claim(office("2026-07-05", keys), "O1", "李强")
    words, when = refused(office("2026-07-05", keys), "O2", "李强")
    assert words == "not claimed: 李强 has claimed 1 today, 1 a day at most"
    assert when == "possible from 2026-07-06 on"
    assert refused(office(more='members = ["华东"]'), "O2", "李强")[0] == "not claimed: 李强 is no member of 公海"
    assert refused(office(), "O2", "谁")[0] == "not claimed: nobody is known as the owner 谁"
    assert refused(office(), "O2", "李强", pool="大客户池")[0] == "not claimed: it is in the pool 公海"


def test_who_had_a_deal_before_waits(office: Office) -> None:
    pooled(office, more="")
    set_fields(office("2026-07-01"), "opportunity", "O1", ["owner=王芳"])
    set_fields(office("2026-07-03"), "opportunity", "O1", ["owner="])
    assign_opportunities(office("2026-07-03"))
    keys = "previous_owner_days = 10\nnew_days = 1"
    assert refused(office("2026-07-03", keys), "O1", "李强")[1] == "possible from 2026-07-04 on"
    assert refused(office("2026-07-05", keys), "O1", "王芳")[1] == "possible from 2026-07-13 on"
    assert claim(office("2026-07-05", keys), "O1", "李强").owner == "李强"


def test_a_deal_that_cannot_be_claimed_says_why(office: Office) -> None:
    pooled(office)
    set_fields(office(), "customer", "C1", ["owner=王芳"])
    assert refused(office(), "O1", "李强")[0] == "not claimed: 王芳 has its customer"
    assert claim(office(), "O1", "王芳").owner == "王芳"
    add_record(office(), "opportunity", ["name=无主"])
    assert refused(office(), "O2", "李强")[0] == "not claimed: it is in no pool"


def test_a_pool_that_a_sheet_names_as_the_owner_is_where_a_deal_is(office: Office) -> None:
    add_record(office(), "opportunity", ["name=改造", "owner=公海"])
    assert claim(office("2026-07-01"), "O1", "李强").pool == "公海"
    assert held(office) == ("李强", None)


def test_a_deal_comes_along_where_a_sheet_names_the_pool_as_the_owner_of_both(office: Office) -> None:
    add_record(office(), "customer", ["name=甲公司", "owner=公海"])
    add_record(office(), "opportunity", ["name=改造", "customer=C1", "owner=公海"])
    assert claim(office("2026-07-01"), "O1", "李强").deals == ("O1",)
    assert held(office) == held(office, "customer") == ("李强", None)
