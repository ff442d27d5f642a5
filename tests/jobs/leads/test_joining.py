from __future__ import annotations

from typing import Any

from crmcli.jobs.leads.joining import join, look_for, make
from crmcli.jobs.records.editing import add_record
from crmcli.store.journal import open_run
from crmcli.store.records import fetch_where


def test_an_exact_name_is_found_and_a_similar_one_is_not(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=上海甲科技有限公司"])
    with open_run(desk.workspace.db, desk.workspace.start("qualify")) as run:
        found = [
            look_for(desk.workspace, run, "customer", {"name": name}).ids for name in ("上海甲科技 有限公司", "甲科技")
        ]
    assert found == [[1], []]


def test_what_is_there_stays_and_the_other_value_is_kept_beside_it(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲公司", "source=展会", "phones=13900139000"])
    with open_run(desk.workspace.db, desk.workspace.start("qualify")) as run:
        said = {"source": "官方网站", "industry": "机械", "phones": ["+8613900139001"]}
        after = [join(run, "customer", 1, said).record for _ in range(2)][-1]
    assert (after["source"], after["industry"]) == ("展会", "机械")
    assert after["phones"] == ["+8613900139000", "+8613900139001"]
    assert [(one["field"], one["value"]) for one in fetch_where(desk.workspace.db, "alternate")] == [
        ("source", "官方网站")
    ]


def test_a_new_customer_is_where_its_phone_says(desk: Any) -> None:
    with open_run(desk.workspace.db, desk.workspace.start("qualify")) as run:
        made = make(run, "customer", {"name": "甲公司", "phones": ["+862162345678"]})
    assert made.made
    assert desk.one("customer")["province"] == "上海"
    assert made.shown() == {"id": "C1", "name": "甲公司", "owner": None, "made": True}
