from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.demo_data.generate import generate
from crmcli.demo_data.truth import truth
from crmcli.domain.values.text import fold
from crmcli.store.database import open_database
from crmcli.store.records import fetch_where

SAMPLES = sorted(str(path) for path in (Path(__file__).parents[2] / "samples").iterdir() if path.suffix != ".py")


@pytest.fixture
def pair(crm: Any) -> Any:
    """Return the command line in a workspace with one customer under two names and a doubtful third."""
    for name in ("上海鼎信贸易有限公司", "鼎信贸易", "上海鼎信贸易集团有限公司"):
        crm("customer", "add", f"name={name}")
    crm("contact", "add", "name=李雷", "customer=C1", "phones=13800138000")
    crm("contact", "add", "name=李雷", "customer=C2", "phones=13800138000")
    return crm


def test_the_shape_of_a_run_is_a_contract(pair: Any) -> None:
    tried = pair("dedupe", "run", "--dry-run", "--json").json
    done = pair("dedupe", "run", "--json").json
    assert list(done) == [
        *("run", "customers", "candidates", "merged", "clusters", "review"),
        *("fresh", "scored", "model", "parted", "seconds"),
    ]
    assert {**tried, "run": done["run"], "seconds": 0} == {**done, "seconds": 0}
    assert (done["run"], done["customers"], done["merged"], done["clusters"]) == ("R6", 3, 1, 1)
    assert "crmcli dedupe review" in pair("dedupe", "run").stdout


def test_from_run_to_review_to_apply_to_unmerge(pair: Any) -> None:
    pair("dedupe", "run")
    assert pair("dedupe", "review", "--out", "review.xlsx", "--json").json == {"pairs": 1, "out": "review.xlsx"}
    book = load_workbook(pair.folder / "review.xlsx")
    book.worksheets[0]["A2"].value = "same"
    book.save(pair.folder / "review.xlsx")
    done = pair("dedupe", "apply", "review.xlsx", "--json").json
    assert (done["same"], done["merged"], done["left_out"]) == (1, 1, [])
    assert len(pair("customer", "list", "--json").json) == 1
    explained = pair("dedupe", "explain", "C1", "C3", "--json").json
    assert (explained["decision"], explained["merged"]) == ("same", "C3")
    back = pair("dedupe", "unmerge", "C1", "--json").json
    assert (back["restored"], back["survivor"], back["kept"]) == ("C1", "C3", [])
    assert len(pair("customer", "list", "--json").json) == 2
    assert "0 duplicate customers merged away, 2 customers are left" in pair("dedupe", "run").stdout


def test_explain_tells_reasons_and_weights(pair: Any) -> None:
    told = pair("dedupe", "explain", "C1", "C2", "--json").json
    assert (told["a"]["id"], told["b"]["name"], told["tier"]) == ("C1", "鼎信贸易", "auto")
    assert {"field", "level", "weight", "text", "a", "b"} == set(told["reasons"][0])
    shown = pair("dedupe", "explain", "C1", "C2", "--lang", "zh").stdout
    assert "有相同的手机号" in shown


def test_aliases_are_kept_and_listed(crm: Any) -> None:
    assert crm("dedupe", "alias", "工行", "中国工商银行", "--json").json["run"] == "R1"
    assert crm("dedupe", "alias", "--json").json == [{"short": "工行", "full": "中国工商银行", "learned": ""}]
    crm("dedupe", "alias", "工行", code=2)


def test_an_unknown_engine_is_a_usage_error(crm: Any) -> None:
    assert "expected local" in crm("dedupe", "run", "--engine", "abacus", code=2).stderr


def test_a_file_needs_no_database(bare_crm: Any) -> None:
    bare_crm.write("in.csv", "firm,tel", "上海鼎信贸易有限公司,13800138000", "鼎信贸易,13800138000")
    words = ("dedupe", "file", "in.csv", "--out", "out.csv", "--map", "firm=name", "--map", "tel=phones")
    assert bare_crm(*words, "--json").json["clusters"] == 1
    assert "1 records for sure" in bare_crm(*words).stdout
    assert (bare_crm.folder / "out.csv").read_text("utf-8-sig").splitlines()[1].endswith(",2,2,auto,99.5")


def names_by_customer(path: Path) -> dict[str, int]:
    """Return folded name -> the customer that it means, former names and alternates too."""
    with open_database(path) as db:
        customers = fetch_where(db, "customer")
        others = fetch_where(db, "alternate", "entity = 'customer' AND field = 'name'")
    into = {customer["id"]: customer["merged_into"] for customer in customers}
    written = [(fold(c["name"]), c["id"]) for c in customers] + [(fold(v["value"]), v["entity_id"]) for v in others]
    found: dict[str, int] = {}
    for name, customer in written:
        alive = customer
        while into[alive]:
            alive = into[alive]
        found.setdefault(name, alive)
    return found


def pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(set(group)), 2)}


@pytest.mark.slow
def test_the_demo_journey(crm: Any, dump: Callable[[Path], list[str]]) -> None:
    empty = dump(crm.db)
    crm("import", *SAMPLES, code=3)
    imported = dump(crm.db)
    done = crm("dedupe", "run", "--json").json

    known = truth(generate())
    groups = [[fold(name) for name in group] for group in known.duplicate_groups]
    remarks = {fold(name) for name in known.remark_names}
    firm = {name: place for place, group in enumerate(groups) for name in group}
    mine: dict[int, list[str]] = {}
    for name, customer in names_by_customer(crm.db).items():
        if name not in remarks or name in firm:
            mine.setdefault(customer, []).append(name)
    merged = {pair for pair in pairs(mine.values()) if any(name in firm for name in pair)}
    right = merged & pairs(groups)
    assert len(right) / len(merged) >= 0.995
    assert len(right) / len(pairs(groups)) >= 0.70

    deduped = dump(crm.db)
    again = crm("import", *SAMPLES, "--dry-run", "--json", code=3).json
    counts = Counter({key: sum(sheet[key] for sheet in again["sheets"]) for key in ("new", "updated")})
    assert counts["new"] == 0
    assert crm("dedupe", "run", "--json").json["merged"] == 0
    assert dump(crm.db) == deduped

    crm("undo", done["run"])
    assert dump(crm.db) == imported
    crm("dedupe", "run")
    crm("undo", "R1")
    assert dump(crm.db) == empty


def test_an_explanation_names_fields_in_words_and_by_key(pair: Any) -> None:
    told = pair("dedupe", "explain", "C1", "C2", "--lang", "zh").stdout
    assert "字号" in told
    assert "brand" not in told
    assert "brand" in {reason["field"] for reason in pair("dedupe", "explain", "C1", "C2", "--json").json["reasons"]}
