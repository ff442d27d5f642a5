from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crmcli.matching.explain import explain
from crmcli.matching.find import find_duplicates
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.people_counts import PeopleCounts, people_counts
from crmcli.matching.records import MatchBatch

Person = tuple[str, str, str, str]


def people(*rows: Person) -> MatchBatch:
    """Make a batch of (given name, surname, date of birth, mail)."""
    given, surnames, births, mails = (list(column) for column in zip(*rows, strict=True))
    ids = [str(i) for i in range(len(rows))]
    return MatchBatch(ids, [""] * len(rows), emails=mails, given_names=given, surnames=surnames, births=births)


def among(number: int, **counts: Any) -> Model:
    return replace(DEFAULT, people=PeopleCounts(number, **counts))


def tier(first: Person, second: Person, model: Model) -> str:
    forth, back = (find_duplicates(people(*pair), model).tiers[0] for pair in ((first, second), (second, first)))
    assert forth == back
    return forth


ROBERT = ("Robert", "Quillfeather", "1971-06-24", "rq@smith.net")


@pytest.mark.parametrize(
    ("second", "few", "many"),
    [
        (("", "Quillfeather", "1971-06-24", ""), "auto", "review"),  # in a million there are some by chance
        (("", "", "1971-06-24", "rq@smith.net"), "auto", "auto"),
        (("Robert", "Quillfeather", "", ""), "review", "single"),  # a name alone is never sure
        (("Susan", "Quillfeather", "1971-06-24", "rq@smith.net"), "review", "review"),  # a twin
        (("Robert", "Quillfeather", "1999-12-01", "rq@smith.net"), "review", "single"),  # a son
    ],
)
def test_what_is_sure_among_few_is_not_among_many(second: Person, few: str, many: str) -> None:
    shared = PeopleCounts(1_000_000, {"robert": 5_000}, {"quillfeather": 1_000}, {"1971-06-24": 50})
    assert (tier(ROBERT, second, among(1_000)), tier(ROBERT, second, replace(DEFAULT, people=shared))) == (few, many)


def test_one_name_and_mail_are_one_person_unless_born_a_generation_apart() -> None:
    garbled, son = (("Robert", "Quillfeather", birth, "rq@smith.net") for birth in ("1970-11-01", "1999-12-01"))
    assert (tier(ROBERT, garbled, among(1_000)), tier(ROBERT, son, among(1_000))) == ("auto", "review")


def test_what_many_share_says_less() -> None:
    mary = ("Mary", "Smith", "1970-01-01", "")
    assert tier(mary, mary, among(20_000)) == "auto"
    crowd = among(20_000, given={"mary": 400}, surnames={"smith": 400}, births={"1970-01-01": 2_000})
    assert tier(mary, mary, crowd) == "single"


def test_the_reason_tells_how_many_people_there_are() -> None:
    batch = people(ROBERT, ROBERT, *[("Mary", f"Smith{i}", "", "") for i in range(5)])
    model = replace(DEFAULT, people=people_counts(batch))
    found = explain(batch, "0", "1", model)
    assert "among 7 people so much seldom agrees by chance" in [str(reason.message) for reason in found.reasons]
    assert found.tier == "auto"


def test_companies_are_not_counted_as_people() -> None:
    firms = MatchBatch(["0", "1"], ["上海鼎信物流有限公司", "上海鼎信物流有限公司"])
    assert find_duplicates(firms, among(10)).scores == find_duplicates(firms).scores
