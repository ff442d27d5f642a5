from datetime import date, timedelta

import pytest

from crmcli.domain.values.date_style import decide_date_style

DAYS = [date(2016, 10, 20) + timedelta(days=3 * i) for i in range(120)]


@pytest.mark.parametrize(
    ("pattern", "order"),
    [
        ("%d-%m-%y", "dmy"),
        ("%m/%d/%y", "mdy"),
        ("%y/%m/%d", "ymd"),
        ("%d/%m/%Y", "dmy"),
        ("%m-%d-%Y", "mdy"),
        ("%m/%d/%Y 19:58", "mdy"),
        ("%Y-%m-%d", "ymd"),
    ],
)
def test_a_columns_order_shows_in_all_its_values(pattern: str, order: str) -> None:
    style = decide_date_style(day.strftime(pattern) for day in DAYS)
    assert (style.order, style.ambiguous) == (order, False)


@pytest.mark.parametrize(
    ("texts", "order"), [(["03/04/2021"], "mdy"), (["03-04-2021", "05.06.2021"], "dmy"), (["20-10-16"], "ymd")]
)
def test_an_open_order_is_assumed_and_says_so(texts: list[str], order: str) -> None:
    style = decide_date_style(texts)
    assert (style.order, style.ambiguous) == (order, True)
    assert "assumed" in str(style.why)


def test_both_orders_in_one_column_are_named() -> None:
    style = decide_date_style(["10/20/2016", "10/21/2016", "25/10/2016"])
    assert (style.order, style.ambiguous) == ("mdy", True)
    assert "25/10/2016" in str(style.why)


def test_the_order_of_the_values_does_not_matter() -> None:
    texts = ["10/20/2016", "01/02/2016", "11/30/2016", "25/10/2016"]
    assert decide_date_style(texts) == decide_date_style(texts[::-1])


def test_other_texts_say_nothing() -> None:
    style = decide_date_style(["", "2019-05-06", "2023年3月5日", "45631", "明天", "15 Apr, 2021"], date1904=True)
    assert (style.order, style.ambiguous, style.date1904) == ("ymd", False, True)
