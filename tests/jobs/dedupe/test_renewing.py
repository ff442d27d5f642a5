"""Whatever was merged before: a run makes the customers that comparing all of them from scratch makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.config import load_settings
from crmcli.domain.records import ENTITIES, Record
from crmcli.jobs.dedupe.deciding import decide_pair
from crmcli.jobs.dedupe.pairs import pairs_to_review
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database
from crmcli.store.journal import open_run
from crmcli.store.records import fetch_where

NOW = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
CODES = ["91310000MA1K35BN5R", "91330206MA03030912"]
MOBILES = ["+8613800138000", "+8613900139000"]

CUSTOMERS = st.fixed_dictionaries(
    {
        "name": st.builds(
            "".join,
            st.tuples(
                st.sampled_from(["", "上海", "北京"]),
                st.sampled_from(["鼎信", "华东精密"]),
                st.sampled_from(["贸易", "机械"]),
                st.sampled_from(["有限公司", "", "股份有限公司"]),
            ),
        ),
        "phones": st.sampled_from([[], [MOBILES[0]], [MOBILES[1]], MOBILES]),
        "credit_code": st.sampled_from([None, None, *CODES]),
        "industry": st.sampled_from([None, "物流", "制造业"]),
        "note": st.sampled_from([None, "老客户"]),
        "person": st.sampled_from([None, "李雷", "韩梅梅"]),
    }
)
# the first two are merged while nobody else is there; the third is the second by name, with another credit code than
# the first
LOOSE: list[Record] = [
    {"name": "鼎信贸易", "phones": [MOBILES[0]], "credit_code": CODES[0], "industry": "物流"},
    {"name": "上海鼎信贸易有限公司", "phones": [MOBILES[0]]},
]
AGAINST: list[Record] = [{"name": "上海鼎信贸易有限公司", "phones": [MOBILES[0]], "credit_code": CODES[1]}]
FILES = st.lists(CUSTOMERS, max_size=5)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("blank") / "office", "zh").db


@contextmanager
def _office(blank: Path) -> Iterator[Workspace]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "crm.db"
        path.write_bytes(blank.read_bytes())
        with open_database(path) as db:
            yield Workspace(db, load_settings(None), lambda: NOW, "tester", "crmcli", None)


def _add(workspace: Workspace, customers: Sequence[Record]) -> str | None:
    with open_run(workspace.db, workspace.start("import")) as run:
        plain = [{key: value for key, value in one.items() if key != "person"} for one in customers]
        ids = run.insert("customer", [ENTITIES["customer"].blank() | one for one in plain])
        people = [
            {"name": one["person"], "customer_id": number, "phones": one["phones"][:1]}
            for number, one in zip(ids, customers, strict=True)
            if one.get("person")
        ]
        run.insert("contact", [ENTITIES["contact"].blank() | one for one in people])
        return run.shown_id


def _tables(workspace: Workspace) -> dict[str, Any]:
    tables: dict[str, Any] = {entity: fetch_where(workspace.db, entity) for entity in ENTITIES}
    del tables["pair"]
    tables["waiting"] = sorted((one["a_id"], one["b_id"], one["tier"]) for one in pairs_to_review(workspace.db))
    without_numbers = [{key: value for key, value in one.items() if key != "id"} for one in tables["alternate"]]
    tables["alternate"] = sorted(without_numbers, key=str)
    tables["key"] = workspace.db.rows("SELECT * FROM record_key ORDER BY entity, kind, value, record_id")
    return tables


@settings(max_examples=3, deadline=None)
@given(first=FILES, second=FILES, third=FILES)
def test_a_run_after_each_file_makes_what_one_run_after_all_makes(
    blank: Path, first: list[Record], second: list[Record], third: list[Record]
) -> None:
    with _office(blank) as step_by_step, _office(blank) as at_once:
        for customers in (first, second, third):
            _add(step_by_step, customers)
            dedupe_customers(step_by_step)
            _add(at_once, customers)
        dedupe_customers(at_once)
        now = _tables(step_by_step)
        assert now == _tables(at_once)
        again = dedupe_customers(step_by_step)
        assert (again.merged, again.parted) == (0, [])
        assert _tables(step_by_step) == now


@settings(max_examples=4, deadline=None)
@given(first=FILES, second=FILES)
def test_undo_of_a_run_that_parted_customers_restores_every_table(
    blank: Path, first: list[Record], second: list[Record]
) -> None:
    with _office(blank) as office:
        _add(office, [*LOOSE, *first])
        dedupe_customers(office)
        _add(office, [*AGAINST, *second])
        before = _tables(office)
        undone = undo_run(office, str(dedupe_customers(office).run))
        assert undone.kept == []
        assert _tables(office) == before


def _named(office: Any) -> dict[str, str]:
    """Return name -> name of the customer that it lives on in."""
    customers = {one["id"]: one for one in office.all("customer")}
    return {one["name"]: customers[one["merged_into"] or one["id"]]["name"] for one in customers.values()}


def test_a_merge_that_later_records_speak_against_is_taken_back_and_told(office: Any) -> None:
    office.add("customer", *LOOSE)
    assert dedupe_customers(office.workspace).merged == 1
    office.add("customer", *AGAINST)
    done = dedupe_customers(office.workspace)
    assert done.parted == [("C1", "C2")]
    assert _named(office)[LOOSE[0]["name"]] == LOOSE[0]["name"]
    assert office.get("customer", 2)["industry"] is None


def test_what_a_person_merged_is_never_taken_back(office: Any) -> None:
    office.add("customer", *LOOSE)
    dedupe_customers(office.workspace, review_only=True)
    (pair,) = pairs_to_review(office.db)
    decide_pair(office.workspace, pair, "same")
    office.add("customer", *AGAINST)
    assert dedupe_customers(office.workspace).parted == []
    assert office.get("customer", 1)["merged_into"] == 2


def test_what_a_person_wrote_since_stays_when_a_merge_is_taken_back(office: Any) -> None:
    office.add("customer", *LOOSE)
    dedupe_customers(office.workspace)
    office.set("customer", 2, note="重点客户")
    office.add("customer", *AGAINST)
    dedupe_customers(office.workspace)
    assert office.get("customer", 2)["note"] == "重点客户" or office.get("customer", 3)["note"] == "重点客户"
    assert office.get("customer", 1)["note"] is None


def test_what_a_merge_gathered_links_nothing_further(office: Any) -> None:
    office.add("customer", *LOOSE)
    dedupe_customers(office.workspace)
    assert office.get("customer", 2)["credit_code"] == CODES[0]
    office.add("customer", {"name": "苏州雅苒贸易有限公司", "credit_code": CODES[0]})
    twice = [dedupe_customers(office.workspace), dedupe_customers(office.workspace)]
    assert twice[1].merged == 0
