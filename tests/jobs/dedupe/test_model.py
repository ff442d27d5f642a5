from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.dedupe.explaining import explain_pair
from crmcli.jobs.dedupe.model import current_model, show_model
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.journal.undo import undo_run
from crmcli.matching.model import DEFAULT, MODEL_VERSION

SHARED = {"phones": ["+862155556666"], "city": "上海", "address": "上海市浦东新区张江路1号"}


@pytest.fixture
def park(three: Any) -> Any:
    """Return an office whose customers share one switchboard, one road and one city, some of them twice in it."""
    for i in range(60):
        mobile = {"phones": [f"+86138{i:08}", *SHARED["phones"]]}
        three.add("customer", *[SHARED | mobile] * (1 + (i % 3 > 0)))
    return three


def test_the_shipped_weights_are_in_use_until_others_are_fitted(three: Any) -> None:
    assert current_model(three.db) == DEFAULT
    assert dedupe_customers(three.workspace).model == MODEL_VERSION
    assert show_model(three.workspace).levels == []


def test_fitted_weights_are_stored_and_used_by_every_later_run(park: Any) -> None:
    done = dedupe_customers(park.workspace, refit=True, review_only=True)
    assert done.model.startswith(f"{done.run}-em-")
    assert dedupe_customers(park.workspace, review_only=True).model == done.model
    assert current_model(park.db).version == done.model
    assert explain_pair(park.workspace, "C1", "C2").model == done.model
    shown = show_model(park.workspace)
    assert (shown.version, shown.base) == (done.model, MODEL_VERSION)
    assert shown.matches["phone"] > 0
    assert {fit.field for fit in shown.levels} >= {"brand", "phone", "contact"}


def test_a_run_and_an_explanation_agree_under_fitted_weights(park: Any) -> None:
    dedupe_customers(park.workspace, refit=True, review_only=True)
    for pair in park.all("pair")[:20]:
        told = explain_pair(park.workspace, f"C{pair['a_id']}", f"C{pair['b_id']}")
        assert told.finding.score == pair["score"]


def test_undo_takes_fitted_weights_back(park: Any) -> None:
    before = park.tables()
    done = dedupe_customers(park.workspace, refit=True)
    assert undo_run(park.workspace, str(done.run)).kept == []
    assert park.tables() == before
    assert current_model(park.db) == DEFAULT


def test_fitted_twice_to_the_same_customers_they_are_the_same(park: Any) -> None:
    first = dedupe_customers(park.workspace, refit=True, review_only=True)
    again = dedupe_customers(park.workspace, refit=True, review_only=True)
    assert again.model == first.model
    assert len(park.all("model")) == 1


def test_a_dry_run_fits_and_keeps_nothing(park: Any) -> None:
    done = dedupe_customers(park.workspace, refit=True, dry_run=True)
    assert "-em-" in done.model
    assert current_model(park.db) == DEFAULT
    assert park.all("model") == []
