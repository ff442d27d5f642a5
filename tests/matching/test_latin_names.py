from __future__ import annotations

import pytest

from crmcli.matching.find import Duplicates, find_duplicates
from crmcli.matching.latin_names import (
    COMMON,
    DIFFERENT,
    MOSTLY,
    NEAR,
    OTHER_KIND,
    PARTLY,
    RARE,
    SAME,
    WITHIN,
    alike,
)
from crmcli.matching.latin_words import NO_COUNTS, words_of
from crmcli.matching.normalise import fold
from crmcli.matching.records import MatchBatch

STREET, PHONE = "435 S. La Cienega Blvd.", "310-246-1501"


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("Bel-Air Hotel", "Hotel Bel Air", RARE),
        ("Art's Delicatessen", "Art's Deli", RARE),
        ("Bone's", "Bone's Restaurant", WITHIN),
        ("Pano's & Paul's", "Panos and Pauls", RARE),
        ("Second Street Grille", "2nd Street Grille", RARE),
        ("Northpoint Grill", "North Point Grill", RARE),
        ("YMCA Northside", "Young Men Christian Association Northside", RARE),
        ("The City Cafe", "City Cafe", SAME),
        ("Mifune", "Mifune Kintetsu", WITHIN),
        ("Hawthorne Lane", "Hawtorne Lane", NEAR),
        ("Howard Area Family Center", "Howard Area Community Center", OTHER_KIND),
        ("Henry Booth Allison", "Henry Booth Taylor", MOSTLY),
        ("Spago Horn Melrose Citrus", "Spago Valentino Pico Patina", PARTLY),
        ("Spago", "Citrus", DIFFERENT),
        ("Spago Restaurant", "Citrus Restaurant", DIFFERENT),
        ("The Cafe", "Cafe", COMMON),
    ],
)
def test_names_are_compared_by_their_words(first: str, second: str, relation: int) -> None:
    words = words_of(fold(first)), words_of(fold(second))
    assert alike(*words, NO_COUNTS) == alike(words[1], words[0], NO_COUNTS) == relation


def found(names: tuple[str, str], **columns: list[str]) -> Duplicates:
    return find_duplicates(MatchBatch(["1", "2"], list(names), **columns))


def test_one_place_with_name_street_and_phone_is_merged_whatever_the_writing() -> None:
    streets = ["435 south la cienega boulevard, suite 4", STREET]
    assert (
        found(("Fenix", "Fenix at the Argyle"), addresses=streets, phones=[PHONE, "3102461501"]).tiers == ["auto"] * 2
    )


def test_tenants_of_one_building_with_one_switchboard_are_not_merged() -> None:
    columns = {"addresses": [STREET] * 2, "phones": [PHONE] * 2}
    assert found(("Bistro Lena", "Mikado"), **columns).cluster_ids == ["1", "2"]
    assert found(("Ritz-Carlton Cafe", "Ritz-Carlton Dining Room"), **columns).cluster_ids == ["1", "2"]


def test_sites_of_one_agency_with_one_phone_are_not_merged() -> None:
    streets = [STREET, "12224 Ventura Blvd."]
    assert found(("Onward House", "Onward House Belmont"), addresses=streets, phones=[PHONE] * 2).cluster_ids == [
        "1",
        "2",
    ]


def test_full_names_are_merged_where_something_else_agrees() -> None:
    names = ("Bright Star Holding Inc", "BRIGHT STAR HOLDING, Incorporated")
    assert found(names).tiers == ["review", "review"]
    assert found(names, phones=[PHONE] * 2).tiers == ["auto", "auto"]
    assert found(("Bright Star Holding Inc", "Bright Sun Holding Inc"), phones=[PHONE] * 2).cluster_ids == ["1", "2"]
