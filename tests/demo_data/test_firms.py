from __future__ import annotations

import pytest

from crmcli.demo_data.firms import FIRMS, credit_check, organisation_check
from crmcli.demo_data.generate import generate
from crmcli.demo_data.model import Demo


@pytest.fixture(scope="module")
def demo() -> Demo:
    return generate()


def test_check_characters_follow_the_standards_examples() -> None:
    assert organisation_check("D2143569") == "X"
    assert credit_check("91350100M000100Y4") == "3"


def test_every_credit_code_carries_both_check_characters(demo: Demo) -> None:
    codes = {firm.credit_code for firm in demo.firms}
    assert len(codes) == FIRMS
    assert all(code[16] == organisation_check(code[8:16]) and code[17] == credit_check(code[:17]) for code in codes)


def test_names_and_mobiles_mean_one_firm(demo: Demo) -> None:
    assert len({firm.name for firm in demo.firms}) == FIRMS
    mobiles = [person.mobile for firm in demo.firms for person in firm.people]
    assert len(set(mobiles)) == len(mobiles)
    assert all(len(mobile) == 11 and mobile[3:7] == "0000" for mobile in mobiles)


def test_look_alikes_and_firms_without_owner_are_there(demo: Demo) -> None:
    brands = [firm.brand for firm in demo.firms]
    assert sum(brands.count(firm.brand) > 1 for firm in demo.firms) >= 20
    assert sum(firm.name.endswith("分公司") for firm in demo.firms) >= 2
    assert sum(not firm.owner for firm in demo.firms) >= 25
