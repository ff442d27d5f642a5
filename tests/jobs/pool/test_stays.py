from __future__ import annotations

from collections.abc import Callable

from crmcli.jobs.deals.moves import reopen_deal, win_deal
from crmcli.jobs.pool.claim import claim_customer
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.pool.stays import load_stays
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.reporting.write_report import make_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.json import document

Office = Callable[..., Workspace]
_READY = ("amount=100", "expected_close=2026-07-01", "product=伺服")


def test_a_stay_knows_who_had_it_why_it_came_who_took_it_and_what_they_won(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    add_record(office("2026-05-01"), "customer", ["name=昆山五金", "owner=王芳"])
    run_pool(office("2026-06-20"))
    claim_customer(office("2026-06-22"), "C1", "李强")
    add_record(office("2026-06-23"), "opportunity", ["name=改造", "customer=C1", "owner=李强", *_READY])
    win_deal(office("2026-06-25"), "O1")
    first, second = load_stays(office("2026-06-30"))
    assert (first.from_owner, first.why, first.how, first.to_owner) == ("王芳", "no_follow_up", "claim", "李强")
    assert second.left is None
    assert load_stays(office("2026-06-21"))[0].left is None, "as of a day nothing later is known"
    told = document(make_report(office("2026-06-30"), "pool"))
    table = told["tables"][0]
    row = dict(zip((column["key"] for column in table["columns"]), table["rows"][0], strict=True))
    assert (row["entered"], row["left"], row["there"], row["claimed"], row["rate_numerator"]) == (2, 1, 1, 1, 1)
    assert all(check["ok"] for check in told["checks"])


def test_what_was_won_is_as_it_stood_then_whatever_became_of_it(office: Office) -> None:
    def won(day: str) -> tuple[int, int]:
        (table, *_) = document(make_report(office(day), "pool"))["tables"]
        row = dict(zip((column["key"] for column in table["columns"]), table["rows"][0], strict=True))
        return row["claimed"], row["rate_numerator"]

    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    run_pool(office("2026-06-20"))
    claim_customer(office("2026-06-22"), "C1", "李强")
    add_record(office("2026-06-23"), "opportunity", ["name=改造", "customer=C1", "owner=李强", *_READY])
    add_record(office("2026-06-23"), "opportunity", ["name=备件", "customer=C1", *_READY])
    win_deal(office("2026-06-25"), "O2")
    win_deal(office("2026-06-25"), "O1")
    reopen_deal(office("2026-06-28"), "O1")
    assert (won("2026-06-24"), won("2026-06-26"), won("2026-06-30")) == ((1, 0), (1, 1), (1, 0))
