import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.problem import Problem
from crmcli.domain.values.company import clean_company, company_name_problem


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("　华东精密机械有限公司\n", "华东精密机械有限公司"),
        ("华东 精密（上海） 有限公司", "华东精密（上海）有限公司"),
        ("ＡＢＣ科技", "ABC科技"),
        ("Acme   Corporation", "Acme Corporation"),
        ("上海鼎信物流。", "上海鼎信物流"),
        ("3M中国", "3M中国"),
    ],
)
def test_names_as_they_are_shown(text: str, name: str) -> None:
    assert clean_company(text) == name


def test_masked_names_identify_nobody() -> None:
    assert company_name_problem("广州***公司") == Problem("name.masked", "广州***公司")
    assert company_name_problem("广州*星公司") is None


@pytest.mark.parametrize("text", ["XX公司", "某某公司", "某公司", "xxx有限公司"])
def test_an_example_of_a_name_identifies_nobody(text: str) -> None:
    assert company_name_problem(text) == Problem("name.masked", text)


@pytest.mark.parametrize("text", ["XX科技", "某某网络科技有限公司"])
def test_what_may_be_a_name_is_one(text: str) -> None:
    assert company_name_problem(text) is None


@given(st.text())
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean_company(clean_company(text)) == clean_company(text)


@pytest.mark.parametrize("text", ["待定", "同上", "TBD", "〃"])
def test_what_stands_for_a_name_to_come_is_nobodys(text: str) -> None:
    found = company_name_problem(text)
    assert found is not None
    assert found.code == "name.nobody"
    assert company_name_problem(f"{text}科技有限公司") is None
