from __future__ import annotations

from collections.abc import Iterable

from crmcli.domain.collisions import (
    Collision,
    Contacted,
    Evidence,
    OpenDeal,
    Related,
    Shared,
    as_decided,
    contacted_by_several,
    of_one_group,
    same_product,
    same_values,
    with_evidence,
)


def only(found: Iterable[Collision]) -> Collision:
    (one,) = found
    return one


def test_two_owners_who_contacted_one_customer_lately_collide() -> None:
    contacts = [
        Contacted(3, "王芳", "2026-01-01", "2026-06-01"),
        Contacted(3, "李强", "2026-05-01", "2026-05-02"),
        Contacted(4, "王芳", "2026-05-01", "2026-06-01"),
        Contacted(4, "李强", "2025-05-01", "2026-02-28T09:00:00+08:00"),
        Contacted(5, "Ann", "2026-05-01", "2026-06-01"),
        Contacted(5, "ann", "2026-05-01", "2026-06-01"),
    ]
    found = only(contacted_by_several(contacts, "2026-03-01"))
    assert (found.subject, found.customers, [side.owner for side in found.sides]) == ("a:C3", (3,), ["王芳", "李强"])
    assert str(found.reason) == "王芳, 李强 all contacted it since 2026-03-01"


def test_open_deals_of_one_product_with_different_owners_collide() -> None:
    deals = [
        OpenDeal(9, 3, "李强", "伺服 驱动器", "2026-02-01"),
        OpenDeal(7, 3, "王芳", "伺服 驱动器", "2026-01-01"),
        OpenDeal(8, 3, "王芳", "电机", None),
        OpenDeal(10, 4, "李强", "伺服 驱动器", None),
    ]
    found = only(same_product(deals))
    assert found.subject == "b:C3:伺服驱动器"
    assert [(side.owner, side.records) for side in found.sides] == [("王芳", ("O7",)), ("李强", ("O9",))]


def test_customers_of_different_owners_that_share_something_collide_once() -> None:
    values = [
        Shared(3, "王芳", "phone", "+8613812345678"),
        Shared(7, "李强", "phone", "+8613812345678"),
        Shared(3, "王芳", "wechat", "chen"),
        Shared(7, "李强", "wechat", "chen"),
        Shared(5, "王芳", "credit_code", "X"),
        Shared(6, "王芳", "credit_code", "X"),
    ]
    found = only(same_values(values))
    assert (found.subject, str(found.reason)) == ("c:C3+C7", "the same phone, WeChat")


def test_one_group_is_only_a_hint() -> None:
    found = only(of_one_group([Related(3, 7, "王芳", "李强"), Related(4, 5, "王芳", "王芳")]))
    assert (found.subject, found.hint_only) == ("d:C3+C7", True)


def test_the_first_who_came_is_suggested_and_nobody_where_that_is_not_sure() -> None:
    found = only(same_values([Shared(3, "王芳", "phone", "1"), Shared(7, "李强", "phone", "1")]))
    assert found.suggestion is None
    days = {(3, "王芳"): "2026-03-05T10:00:00+08:00", (7, "李强"): "2026-03-04"}
    weighed = with_evidence(found, Evidence(days, {(3, "王芳"): "2026-06-01"}, {3: "2026-07-09"}))
    assert weighed.suggestion == "李强"
    assert [(side.reported, side.last, side.protected_until) for side in weighed.sides] == [
        ("2026-03-05", "2026-06-01", "2026-07-09"),
        ("2026-03-04", None, None),
    ]
    same_day = with_evidence(found, Evidence(days | {(7, "李强"): "2026-03-05"}, {}, {}))
    assert same_day.suggestion is None


def test_after_a_verdict_only_what_the_others_do_is_news() -> None:
    before = [Contacted(3, "王芳", "2026-01-01", "2026-06-01"), Contacted(3, "李强", "2026-05-01", "2026-05-02")]
    facts = only(contacted_by_several(before, "2026-03-01")).facts
    winner_again = [Contacted(3, "王芳", "2026-01-01", "2026-06-20"), before[1]]
    loser_again = [before[0], Contacted(3, "李强", "2026-05-01", "2026-06-21")]
    assert not only(contacted_by_several(winner_again, "2026-03-01")).is_news(facts, "王芳")
    assert only(contacted_by_several(loser_again, "2026-03-01")).is_news(facts, "王芳")


def test_a_verdict_tells_what_it_was_about_unless_its_key_is_of_no_kind() -> None:
    side = {
        "owner": "王芳",
        "records": ["O1"],
        "reported": "2026-06-01",
        "last_activity": None,
        "protected_until": None,
    }
    facts = [["王芳", "O1"], ["李强", "O2"]]
    verdict = {"subject": "b:C3:泵", "records": ["C3"], "evidence": {"facts": facts, "sides": [side]}}
    told = as_decided(verdict)
    assert told is not None
    assert (told.kind, told.customers, told.sides[0].reported) == ("b", (3,), "2026-06-01")
    assert not told.is_news([("王芳", "O1"), ("李强", "O2")], None)
    assert as_decided(verdict | {"subject": "z:C3"}) is None
