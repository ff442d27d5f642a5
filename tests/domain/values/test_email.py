import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.problem import Problem
from crmcli.domain.values.email import is_free_mail, parse_emails


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("A.B@Example.COM", ["a.b@example.com"]),
        ("a＠qq.com", ["a@qq.com"]),
        ("a@b.com;c@d.cn；a@b.com", ["a@b.com", "c@d.cn"]),
        ("a@b.com / c@d.cn、e@f.com", ["a@b.com", "c@d.cn", "e@f.com"]),
        ("张三 <zs@b.com.cn>", ["zs@b.com.cn"]),
        ("mailto:a@b.com", ["a@b.com"]),
    ],
)
def test_addresses_in_a_cell(text: str, emails: list[str]) -> None:
    assert parse_emails(text) == emails


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("zh***@qq.com", Problem("email.masked", "zh***@qq.com")),
        ("a@b", Problem("email.invalid", "a@b")),
        ("13800000000", Problem("email.invalid", "13800000000")),
        ("a@b.com;c@", Problem("email.invalid", "a@b.com;c@", "a@b.com")),
    ],
)
def test_what_is_no_address_says_why(text: str, problem: Problem) -> None:
    assert parse_emails(text) == problem


def test_public_services_say_nothing_of_the_firm() -> None:
    assert [is_free_mail(domain) for domain in ("QQ.com", "163.com", "huawei.com")] == [True, True, False]


@given(st.text() | st.text("ab@.;* ", max_size=20))
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse_emails(text)
    assert isinstance(found, Problem) or all("@" in email for email in found)
