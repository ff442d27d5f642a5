import pytest

from crmcli.domain.contracts import is_in_force, is_void

TODAY = "2026-06-30"


@pytest.mark.parametrize("status", ["已作废", "Cancelled", " VOID "])
def test_a_void_contract_never_counts(status: str) -> None:
    assert is_void(status)
    assert not is_in_force(status, None, TODAY)


@pytest.mark.parametrize("status", ["已终止", "履行完毕", "expired", "已到期"])
def test_a_contract_that_is_over_counted_once(status: str) -> None:
    assert not is_void(status)
    assert not is_in_force(status, "2027-01-01", TODAY)


@pytest.mark.parametrize("status", [None, "", "履行中", "待审核"])
def test_any_other_contract_runs_until_its_last_day_or_for_ever(status: str | None) -> None:
    ends = ("2026-06-29", "2026-06-30", None)
    assert [is_in_force(status, day, TODAY) for day in ends] == [False, True, True]
