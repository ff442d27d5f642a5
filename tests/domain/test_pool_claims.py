from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crmcli.domain.pool import PublicPool
from crmcli.domain.pool_claims import Claim, allowed_from, refusals

TODAY = date(2026, 6, 30)
POOL = PublicPool(
    "公海", members=frozenset({"王芳", "华东"}), claim_per_day=2, max_owned=10, previous_owner_days=15, new_days=3
)
CLAIM = Claim("王芳", TODAY, fell_on=date(2026, 6, 1))


def test_a_claim_against_which_nothing_stands_may_be_done() -> None:
    assert refusals(POOL, CLAIM) == []
    assert refusals(POOL, replace(CLAIM, who="李强", team="华东")) == []
    assert refusals(PublicPool("公海"), replace(CLAIM, who="谁", owned=9999, claimed_today=99)) == []


@pytest.mark.parametrize(
    ("claim", "code", "until"),
    [
        (replace(CLAIM, who="李强"), "member", None),
        (replace(CLAIM, owned=10), "max_owned", None),
        (replace(CLAIM, claimed_today=2), "per_day", date(2026, 7, 1)),
        (replace(CLAIM, fell_on=date(2026, 6, 28)), "new", date(2026, 7, 1)),
        (replace(CLAIM, fell_on=date(2026, 6, 20), last_owner="王芳"), "previous_owner", date(2026, 7, 5)),
    ],
)
def test_a_claim_is_refused_with_its_reason_and_when_it_will_be_allowed(
    claim: Claim, code: str, until: date | None
) -> None:
    (found,) = refusals(POOL, claim)
    assert (found.code, found.until) == (code, until)
    assert str(found.reason)


def test_the_days_end_when_the_last_reason_ends_and_never_where_one_has_no_end() -> None:
    both = refusals(POOL, replace(CLAIM, claimed_today=5, fell_on=date(2026, 6, 29), last_owner="王芳"))
    assert [refusal.code for refusal in both] == ["per_day", "new", "previous_owner"]
    assert allowed_from(both) == date(2026, 7, 14)
    assert allowed_from(refusals(POOL, replace(CLAIM, claimed_today=5, owned=10))) is None
    assert allowed_from([]) is None
