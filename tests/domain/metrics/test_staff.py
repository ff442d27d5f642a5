from __future__ import annotations

from datetime import date

import pytest

from crmcli.domain.assignment.model import Owner
from crmcli.domain.metrics.collision_counts import CollisionLine, count_kinds, in_order
from crmcli.domain.metrics.fairness import Given, Givings, Worth
from crmcli.domain.metrics.fairness_groups import grouped_shares
from crmcli.domain.metrics.grouping import UnknownGroupingError
from crmcli.domain.metrics.period import WHOLE_HISTORY
from crmcli.domain.metrics.pool_stays import Stay, pool_figures
from crmcli.domain.metrics.quality import Broken, Counted, Quality, StatusSum
from crmcli.domain.metrics.quality_groups import by_people
from crmcli.domain.metrics.staff import Staff
from crmcli.i18n import msg

PEOPLE = (Owner("王芳", team="华东", weight=2), Owner("李强", team="华东"), Owner("赵敏", team="华南"))
STAFF = Staff(PEOPLE)


def test_people_are_told_by_their_names_and_nobody_is_missing() -> None:
    assert [STAFF.told("team", name) for name in ("王芳", " 赵敏", "外人", None)] == ["华东", "华南", "未填", "未填"]
    assert [STAFF.told("owner", name) for name in ("外人", None)] == ["外人", "未填"]


def test_a_teams_share_is_the_sum_of_its_peoples_and_all_is_given_in_some_month() -> None:
    given = tuple(
        Given(n, owner, f"2026-{month:02d}-10T10:00:00+08:00", "轮流")
        for n, (owner, month) in enumerate((("王芳", 3), ("李强", 3), ("赵敏", 4), ("王芳", 4)))
    )
    worth = {n: Worth("", None, "CNY", 100, "won") for n in range(4)}
    asked = (Givings(given, PEOPLE), worth, WHOLE_HISTORY, date(2026, 4, 30), ("CNY",))
    found = grouped_shares(*asked, ("team",))
    assert [(row.group, row.first, row.n, round(row.expected, 6)) for row in found.rows] == [
        (("华东",), 0, 3, 3.0), (("华南",), 3, 1, 1.0),
    ]  # fmt: skip
    assert [row.fen for row in found.rows] == [{"CNY": 300}, {"CNY": 100}]
    months = grouped_shares(*asked, ("month",))
    assert [(row.group, row.n, round(row.expected, 6)) for row in months.rows] == [
        (("2026-03",), 2, 2), (("2026-04",), 2, 2),
    ]  # fmt: skip
    with pytest.raises(UnknownGroupingError):
        grouped_shares(*asked, ("product",))


def test_a_collision_counts_once_for_each_team_that_is_in_it() -> None:
    lines = [
        CollisionLine("a", "a:C1", "C1", ("王芳", "李强"), msg("x"), None, None, None, waits=True),
        CollisionLine("a", "a:C2", "C2", ("王芳", "赵敏"), msg("x"), "王芳", "王芳", "2026-03-02", waits=False),
    ]
    rows = count_kinds(in_order(lines, ("team",), STAFF))
    assert [(row.group, row.first, row.found, row.waiting) for row in rows] == [
        (("华东",), 0, 2, 1), (("华南",), 2, 1, 0),
    ]  # fmt: skip
    assert [row.group for row in count_kinds(in_order(lines, ("month",), STAFF))] == [("2026-03",), ("未填",)]


def test_stays_in_a_pool_are_those_of_who_lost_the_customers() -> None:
    stays = (
        Stay(1, "甲", "公海", "2026-01-10", "王芳", "no_deal", "", source="展会"),
        Stay(2, "乙", "公海", "2026-02-10", "赵敏", "no_deal", "", "2026-02-20", "claim", "李强"),
        Stay(3, "丙", "公海", "2026-02-11", "李强", "no_deal", ""),
    )
    rows = pool_figures(stays, WHOLE_HISTORY, ("team", "source"), STAFF).rows
    assert [(row.group, row.first, row.stays, row.claimed) for row in rows] == [
        (("华东", "展会"), 0, 1, 0), (("华东", "未填"), 1, 1, 0), (("华南", "未填"), 2, 1, 1),
    ]  # fmt: skip


def test_broken_rules_and_sums_are_parted_by_the_records_owners() -> None:
    sums = (StatusSum("open", "CNY", 2, 300, 1, (Counted("O2"), Counted("O1", 300))),)
    owners = {"O1": "王芳", "O2": "赵敏"}
    quality = Quality((Broken("x", msg("x"), ("O1", "O2", "C9")),), sums=sums, owners=lambda _numbers: owners)
    found = by_people(quality, ("team",), STAFF)
    assert [(one.group, one.records) for one in found.broken] == [
        (("华东",), ("O1",)), (("华南",), ("O2",)), (("未填",), ("C9",)),
    ]  # fmt: skip
    assert [(one.group, one.n, one.amount_fen, one.without_amount) for one in found.sums] == [
        (("华东",), 1, 300, 0), (("华南",), 1, 0, 1),
    ]  # fmt: skip
    assert by_people(quality, (), STAFF) is quality
