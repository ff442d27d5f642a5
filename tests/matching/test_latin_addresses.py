from __future__ import annotations

import pytest

from crmcli.matching.latin_addresses import latin_parts
from crmcli.matching.normalise import fold


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("435 S. La Cienega Blvd.", ("435", "la cienega", "s", "")),
        ("8358 Sunset Blvd. West", ("8358", "sunset", "w", "")),
        ("41 14th St.", ("41", "14", "", "")),
        ("102 Fifth Ave.", ("102", "5", "", "")),
        ("102 5th Ave. between 15th and 16th Sts.", ("102", "5", "", "")),
        ("95 Ave. A at 6th St.", ("95", "a", "", "")),
        ("2290 Peachtree Rd. Peachtree Square Shopping Center", ("2290", "peachtree", "", "")),
        ("710 W 65th Street Building Z", ("710", "65", "w", "")),
        ("27 Washington Oak Park IL 60302", ("27", "washington oak park il", "", "60302")),
        ("12 Park Place Blvd, Springfield, IL 62701-1234", ("12", "park place", "", "")),
        ("Hauptstrasse 12", ("12", "haupt", "", "")),
        ("100 E St NW", ("100", "e", "nw", "")),
        ("", ("", "", "", "")),
    ],
)
def test_number_street_side_and_postcode_are_found(address: str, parts: tuple[str, str, str, str]) -> None:
    assert latin_parts(fold(address)) == parts
