"""Phones that lack country or area, mail with a typo, Latin streets and postcodes."""

from __future__ import annotations

import pytest

from crmcli.matching.explain import explain
from crmcli.matching.records import MatchBatch


def level(column: str, field: str, first: str, second: str) -> str:
    """Return how two values of one column compare, the same from both sides."""
    names = ["Spago", "Citrus"]
    found = set()
    for pair in ([first, second], [second, first]):
        batch = MatchBatch(["1", "2"], names, **{column: pair})
        found.add(next((r.level for r in explain(batch, "1", "2").reasons if r.field == field), "unknown"))
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("+8613800138000", "+8613800138000", "mobile same"),
        ("3102461501", "3102461501", "landline same"),
        ("+13102461501", "3102461501", "landline same"),
        ("+862162345678", "62345678", "end same"),
        ("3102461501", "2461501", "end same"),
        ("3102461501", "2122461501", "different"),
        ("3102461501", "3102461502", "different"),
        ("3102461501", "", "unknown"),
    ],
)
def test_phones_may_lack_country_or_area(first: str, second: str, expected: str) -> None:
    assert level("phones", "phone", first, second) == expected


@pytest.mark.parametrize(("contact", "expected"), [("王建国", "one digit off"), ("李娜", "different")])
def test_a_digit_may_be_wrong_in_the_mobile_of_one_contact(contact: str, expected: str) -> None:
    phones = ["+8613800138000", "+8613800138008"]
    batch = MatchBatch(["1", "2"], ["", ""], phones=phones, contacts=["王建国", contact])
    assert next(r.level for r in explain(batch, "1", "2").reasons if r.field == "phone") == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("evied56@harris-bailey.net", "evihd56@harris-baily.net", "almost same"),
        ("a@spago.com", "office@spago.com", "domain same"),
        ("anna@gmail.com", "bert@gmail.com", "different"),
    ],
)
def test_mail_with_a_typo_is_almost_the_same(first: str, second: str, expected: str) -> None:
    assert level("emails", "email", first, second) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("435 S. La Cienega Blv.", "435 la cienega boulevard #5", "street same"),
        ("435 S. La Cienega", "435 N. La Cienega", "elsewhere"),
        ("435 S. La Cienega", "437 S. La Cienega", "elsewhere"),
        ("435 La Cienega", "435 La Cienga", "almost same"),
        ("27 Washington Oak Park IL 60302", "27 Washington Blvd", "almost same"),
        ("La Cienega", "435 La Cienega", "road same"),
        ("上海市世纪大道100号", "上海世纪大道100号", "same"),
        ("上海市世纪大道100号", "上海市南京路5号", "different"),
    ],
)
def test_addresses_compare(first: str, second: str, expected: str) -> None:
    assert level("addresses", "address", first, second) == expected


def test_a_postcode_may_stand_in_the_address() -> None:
    batch = MatchBatch(
        ["1", "2"],
        ["Spago", "Citrus"],
        addresses=["27 Washington Oak Park IL 60302", "5 Main St"],
        postcodes=["", "60302"],
    )
    assert next(r.level for r in explain(batch, "1", "2").reasons if r.field == "postcode") == "same"


def test_digits_of_latin_names_differ_only_where_both_have_some() -> None:
    batch = MatchBatch(["1", "2", "3"], ["Disney 3", "Disney 4", "Disney"])
    assert next(r.level for r in explain(batch, "1", "2").reasons if r.field == "digits") == "different"
    assert not [r for r in explain(batch, "1", "3").reasons if r.field == "digits"]
