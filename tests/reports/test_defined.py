from __future__ import annotations

from crmcli.i18n import msg
from crmcli.reports.columns import amount_columns
from crmcli.reports.defined import EVERY, definitions_of
from crmcli.reports.model import Column, Definition

N = Column("n", msg("Number"), "int")
ANY = Definition(msg("Any"), msg("What any table counts."), ("n", "amount"))
LOSS = Definition(msg("Lost"), msg("What was lost."), ("n",), ("loss",))
LISTED = Definition(msg("Listed"), msg("What is listed of it."), ("n",), ("loss_list",))
REST = Definition(msg("Rest"), msg("What else it counts."), (EVERY,), ("loss",))


def test_the_definition_closest_to_the_table_is_its_own() -> None:
    every = (ANY, LOSS, LISTED, REST)
    assert definitions_of("stalled", N, every) == (ANY,)
    assert definitions_of("loss", N, every) == (LOSS,)
    assert definitions_of("loss_13w", N, every) == (LOSS,)
    assert definitions_of("loss_list", N, every) == (LISTED,)
    assert definitions_of("losses", N, every) == (ANY,)


def test_a_figure_that_nothing_names_is_one_of_the_rest_and_a_text_is_not() -> None:
    assert definitions_of("loss", Column("2026-05", msg("2026-05"), "int"), (LOSS, REST)) == (REST,)
    assert definitions_of("loss", Column("reason", msg("Reason"), "text"), (LOSS, REST)) == ()
    assert definitions_of("stalled", Column("2026-05", msg("2026-05"), "int"), (LOSS, REST)) == ()


def test_a_sum_in_another_currency_means_what_it_means_in_ones_own() -> None:
    home, other = amount_columns("CNY", ("CNY", "USD"), msg("Amount"))
    assert (home.key, other.key) == ("amount", "amount_usd")
    assert definitions_of("pipeline", home, (ANY,)) == definitions_of("pipeline", other, (ANY,)) == (ANY,)
