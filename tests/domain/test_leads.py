from __future__ import annotations

import pytest

from crmcli.domain.leads import DECIDED, DEFAULT_REASONS, STATES, is_open, known_reason, lead_status, parts_of
from crmcli.domain.records import ENTITIES


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("新线索", "new"),
        ("Open - Not Contacted", "new"),
        (" 跟进中 ", "following"),
        ("Working - Contacted", "following"),
        ("已转化", "qualified"),
        ("Closed - Converted", "qualified"),
        ("无效线索", "disqualified"),
        ("UNQUALIFIED", "disqualified"),
        ("等老板点头", "等老板点头"),
    ],
)
def test_a_written_status_is_one_of_four_or_stays_as_it_is(text: str, state: str) -> None:
    assert lead_status(text) == state


@pytest.mark.parametrize("state", STATES)
def test_a_state_means_itself(state: str) -> None:
    assert lead_status(state) == state
    assert is_open({"status": state}) is (state not in DECIDED)


@pytest.mark.parametrize("status", [None, "", "等老板点头"])
def test_what_nobody_knows_decides_nothing(status: str | None) -> None:
    assert is_open({"status": status})


def test_reasons_are_those_of_the_list_however_they_are_typed() -> None:
    assert [known_reason(text, (*DEFAULT_REASONS, "No budget")) for text in ("無預算", "no BUDGET ", "不想要", "")] == [
        "无预算", "No budget", None, None,
    ]  # fmt: skip


def _lead(**known: object) -> dict[str, object]:
    return ENTITIES["lead"].blank() | known


def test_all_of_a_lead_is_somewhere() -> None:
    parts = parts_of(
        _lead(
            name="韩梅梅", company="甲公司", phones=["+8613900139000"], emails=["a@b.cn"], wechat="hmm",
            source="展会", tags=["重点"], note="要两台",
        )
    )  # fmt: skip
    assert parts.customer == {"name": "甲公司", "source": "展会", "tags": ["重点"]}
    reach = {"phones": ["+8613900139000"], "emails": ["a@b.cn"], "wechat": "hmm"}
    assert parts.contact == {"name": "韩梅梅", **reach}
    assert parts.opportunity == {"source": "展会", "tags": ["重点"], "note": "要两台"}


def test_a_person_without_a_company_is_the_customer_and_its_contact() -> None:
    parts = parts_of(_lead(name="韩梅梅", phones=["+8613900139000"]))
    assert not parts.company
    assert parts.customer == parts.contact == {"name": "韩梅梅", "phones": ["+8613900139000"]}


@pytest.mark.parametrize("lead", [{"company": "华东精密"}, {"name": "华东精密"}])
def test_a_company_without_a_person_has_the_phones(lead: dict[str, str]) -> None:
    parts = parts_of(_lead(**lead, phones=["+862162345678"]))
    assert (parts.customer, parts.contact) == ({"name": "华东精密", "phones": ["+862162345678"]}, {})
    assert parts.company
