from __future__ import annotations

from datetime import date

import pytest

from crmcli.domain.metrics.grouping import UnknownGroupingError
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.receivable_figures import DueRow, receivable_figures
from crmcli.domain.metrics.receivables import Payment, receivables

TODAY = "2026-06-30"
PAYMENTS = (
    Payment(1, "CNY", 1, owner="王芳", team="华东", customer="甲", due_on="2026-06-30", due_fen=100),
    Payment(2, "CNY", 1, owner="王芳", team="华东", customer="甲", due_on="2026-06-29", due_fen=10),
    Payment(3, "CNY", 1, owner="王芳", team="华东", customer="甲", due_on="2026-05-31", due_fen=20),
    Payment(4, "CNY", 1, owner="王芳", team="华东", customer="甲", due_on="2026-05-30", due_fen=40),
    Payment(5, "CNY", 2, customer="乙", due_on="2026-04-30", due_fen=80),
    Payment(6, "CNY", 2, customer="乙", due_on="2026-03-31", due_fen=160),
    Payment(7, "CNY", 2, customer="乙", due_fen=320),
    Payment(8, "USD", 3, owner="王芳", customer="甲", due_on="2026-06-01", due_fen=7),
    Payment(9, "USD", 3, owner="王芳", customer="甲", received_on="2026-06-02", received_fen=9),
    Payment(10, "CNY", None, customer="甲", received_on="2026-07-01", received_fen=5),
    Payment(11, "CNY", None, customer="甲", received_fen=6),
)
FOUND = receivables(PAYMENTS, TODAY)


def test_ages_count_days_from_the_day_after_the_due_day() -> None:
    figures = receivable_figures(FOUND, WHOLE_HISTORY, (), TODAY, "CNY")
    assert [(row.group, row.plans, row.fen) for row in figures.ages] == [(("CNY",), 7, (100, 30, 40, 80, 160, 320))]


def test_amounts_of_two_currencies_stand_in_rows_of_their_own() -> None:
    figures = receivable_figures(FOUND, WHOLE_HISTORY, (), TODAY, "CNY")
    assert figures.rows == (
        DueRow(("CNY",), plans=7, due=730, receipts=1, received=6),
        DueRow(("USD",), 1, 7, 7, 1, 9, 7, first_plan=7, first_receipt=1),
    )
    assert figures.loose == ((("no_contract", "CNY"), 1, 6), (("too_much", "USD"), 1, 2))


def test_a_period_holds_what_is_due_and_received_in_it_and_ages_stay() -> None:
    june = Period(date(2026, 6, 1), date(2026, 7, 1))
    figures = receivable_figures(FOUND, june, ("month", "owner"), TODAY, "CNY")
    assert [(row.group, row.plans, row.receipts) for row in figures.rows] == [
        (("2026-06", "王芳", "CNY"), 2, 0),
        (("2026-06", "王芳", "USD"), 1, 1),
    ]
    assert sum(sum(row.fen) for row in figures.ages) == 730
    assert (figures.undated_plans, figures.undated_receipts) == (1, 1)


def test_nothing_gives_one_row_and_an_unknown_key_is_refused() -> None:
    assert receivable_figures(receivables((), TODAY), WHOLE_HISTORY, (), TODAY, "CNY").rows == (DueRow(("CNY",)),)
    with pytest.raises(UnknownGroupingError):
        receivable_figures(FOUND, WHOLE_HISTORY, ("stage",), TODAY, "CNY")
