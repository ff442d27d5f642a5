from __future__ import annotations

from collections.abc import Callable

import pytest

from crmcli.jobs.pool.bonds import bonds_of_customers
from crmcli.jobs.pool.plan import plan_pool
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.pool.standings import standings
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace

Office = Callable[..., Workspace]


@pytest.fixture
def silent(office: Office) -> Workspace:
    """Return a workspace in which 王芳's only customer is silent for long."""
    add_record(office("2026-01-01"), "customer", ["name=华东精密", "owner=王芳"])
    return office("2026-06-30")


def _why(workspace: Workspace) -> tuple[str, str]:
    (found,) = standings(workspace)
    return found.code, str(found.reason)


def test_a_contract_protects_until_its_last_day_is_over(silent: Workspace, office: Office) -> None:
    add_record(silent, "contract", ["name=维保", "customer=C1", "ends_on=2026-06-30", "status=履行中"])
    assert _why(silent) == ("contract", "1 contracts in force, until 2026-06-30")
    plan = plan_pool(silent)
    assert plan.protected == {"contract": 1}
    assert [one.document()["reason"] for one in plan.kept] == ["1 contracts in force, until 2026-06-30"]
    assert plan_pool(office("2026-07-01")).by_owner == {"王芳": 1}
    assert run_pool(office("2026-07-01", 'protect = ["locked"]')).by_owner == {"王芳": 1}


def test_a_contract_without_an_end_protects_and_one_that_is_void_or_over_does_not(silent: Workspace) -> None:
    add_record(silent, "opportunity", ["name=改造", "customer=C1", "stage="])
    add_record(silent, "contract", ["name=框架", "opportunity=O1"])
    assert bonds_of_customers(silent) == {1: {"contracts": 1, "contract_until": None}}
    for status in ("作废", "已终止", "履行完毕"):
        set_fields(silent, "contract", "J1", [f"status={status}"])
        assert bonds_of_customers(silent) == {}


def test_what_is_not_paid_protects_until_it_is(silent: Workspace) -> None:
    add_record(silent, "contract", ["external_id=HT-1", "customer=C1", "ends_on=2026-03-01"])
    add_record(silent, "payment", ["contract=HT-1", "due_on=2026-08-01", "due_amount=1000"])
    assert _why(silent) == ("receivable", "1000.00 CNY is still to be received")
    add_record(silent, "payment", ["contract=HT-1", "received_on=2026-06-30", "received_amount=600", "currency=CNY"])
    add_record(silent, "payment", ["contract=HT-1", "received_on=2026-07-01", "received_amount=400"])
    assert bonds_of_customers(silent) == {1: {"receivable": "400.00 CNY"}}, "what comes tomorrow is not there yet"
    set_fields(silent, "payment", "I3", ["received_on=2026-06-29"])
    assert _why(silent)[0] == "no_follow_up"


def test_money_of_one_contract_or_currency_does_not_pay_another(silent: Workspace) -> None:
    for number in ("HT-1", "HT-2", "HT-3"):
        add_record(silent, "contract", [f"external_id={number}", "customer=C1", "ends_on=2026-03-01"])
    add_record(silent, "payment", ["contract=HT-1", "due_amount=100"])
    add_record(silent, "payment", ["contract=HT-1", "received_amount=500", "currency=USD"])
    add_record(silent, "payment", ["contract=HT-2", "received_amount=500"])
    add_record(silent, "payment", ["contract=HT-3", "due_amount=70"])
    set_fields(silent, "contract", "HT-3", ["status=已作废"])
    assert bonds_of_customers(silent) == {1: {"receivable": "100.00 CNY"}}
