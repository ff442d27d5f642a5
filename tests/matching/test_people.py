from __future__ import annotations

import pytest

from crmcli.matching.explain import explain
from crmcli.matching.find import find_duplicates
from crmcli.matching.person_names import APART, EQUAL, SIMILAR, date_slips, names_alike
from crmcli.matching.records import MatchBatch


def people(*rows: tuple[str, str, str, str]) -> MatchBatch:
    """Make a batch of (given name, surname, date of birth, mail)."""
    given, surnames, births, mails = (list(column) for column in zip(*rows, strict=True))
    ids = [str(i) for i in range(len(rows))]
    return MatchBatch(ids, [""] * len(rows), emails=mails, given_names=given, surnames=surnames, births=births)


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("allen", "allen", EQUAL),
        ("allen", "alen", SIMILAR),
        ("theodore", "ethodroe", SIMILAR),
        ("archie", "areceih", SIMILAR),
        ("hugo", "hogu", SIMILAR),
        ("thomas", "tobias", APART),
        ("robert", "rob", SIMILAR),
        ("r", "robert", SIMILAR),
        ("li", "lu", APART),
        ("smith", "jones", APART),
    ],
)
def test_names_with_a_typo_are_similar(one: str, other: str, relation: int) -> None:
    assert names_alike(one, other) == names_alike(other, one) == relation


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("1971-06-24", "1971-06-24", 0),
        ("1971-06-24", "1971-05-24", 1),
        ("1971-06-24", "1971-06-42", 1),
        ("1971-06-04", "1971-04-06", 1),
        ("1971-06-24", "1981-05-24", 2),
    ],
)
def test_slips_of_a_date_are_counted(one: str, other: str, slips: int) -> None:
    assert date_slips(one, other) == date_slips(other, one) == slips


@pytest.mark.parametrize(
    ("first", "second", "person", "birth"),
    [
        (("Robert", "Allen", "1971-06-24", ""), ("Robert", "Allen", "1971-06-24", ""), "same", "same"),
        (("Robert", "Allen", "1971-06-24", ""), ("Rob", "Alen", "1971-06-25", ""), "almost same", "almost same"),
        (("Isla", "Hall", "1985-02-07", ""), ("Hall", "Isla", "1985-02-11", ""), "swapped", "two parts same"),
        (("", "Dean", "2015-03-03", ""), ("Evie", "Dean", "2016-03-09", ""), "surname same", "two slips"),
        (("Evie", "", "2015-03-03", ""), ("Evie", "Dean", "2014-10-25", ""), "given name same", "within a year"),
        (("Evie", "Dean", "2015-03-03", ""), ("", "Evie", "1990-10-25", ""), "one name swapped", "different"),
        (("Evie", "Dean", "", ""), ("Evie", "Kelly", "", ""), "other surname", ""),
        (("Evie", "Dean", "", ""), ("Grace", "Dean", "", ""), "other given name", ""),
        (("Evie", "Dean", "", ""), ("Grace", "Kelly", "", ""), "different", ""),
    ],
)
def test_two_people_compare(
    first: tuple[str, str, str, str], second: tuple[str, str, str, str], person: str, birth: str
) -> None:
    for pair in ((first, second), (second, first)):
        told = {reason.field: reason.level for reason in explain(people(*pair), "0", "1").reasons}
        assert (told["person"], told.get("birth", "")) == (person, birth)


def test_one_person_with_typos_is_merged_and_brother_and_sister_are_not() -> None:
    robert = ("Robert", "Allen", "1971-06-24", "roberta25@smith.net")
    assert find_duplicates(people(robert, ("Allen", "Robrt", "1971-06-24", ""))).cluster_ids == ["0", "0"]
    twin = ("Susan", "Allen", "1971-06-24", "roberta25@smith.net")
    assert find_duplicates(people(robert, twin)).cluster_ids == ["0", "1"]


def test_namesakes_are_for_a_person_to_judge() -> None:
    same = ("Mary", "Smith", "", "")
    assert find_duplicates(people(same, same)).tiers == ["review", "review"]
    assert find_duplicates(people(("Mary", "Smith", "1951-02-03", ""), ("Mary", "Smith", "1988-10-30", ""))).tiers == [
        "single",
        "single",
    ]


def test_reasons_name_the_people() -> None:
    reasons = explain(people(("Evie", "Dean", "", ""), ("", "Dean", "", "")), "0", "1").reasons
    assert str(reasons[0].message) == "the surname is the same, one given name is not known: Evie Dean and Dean"
