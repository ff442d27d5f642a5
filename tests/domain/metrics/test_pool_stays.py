from __future__ import annotations

from datetime import date

from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.pool_stays import PoolRow, Stay, pool_figures

STAYS = (
    Stay(1, "甲", "公海", "2026-01-10T09:00:00+08:00", "王芳", "no_follow_up", ""),
    Stay(2, "乙", "公海", "2026-02-10", "王芳", "no_deal", "", "2026-02-20T09:00:00+08:00", "claim", "李强", 2),
    Stay(3, "丙", "公海", "2026-01-10", "李强", "no_follow_up", "", "2026-01-31", "set", "王芳"),
    Stay(4, "丁", "华东公海", "2026-02-01", None, "import", "", "2026-03-01", "claim", "李强"),
)


def test_what_was_there_came_and_left_is_what_is_there() -> None:
    figures = pool_figures(STAYS, Period(date(2026, 2, 1), date(2026, 3, 1)))
    assert figures.rows == (
        PoolRow("公海", 0, 2, before=1, entered=1, left=1, claimed=1, won=1, there=1),
        PoolRow("华东公海", 2, 1, before=0, entered=1, left=0, claimed=0, won=0, there=1),
    )
    assert [stay.customer for stay in figures.stays] == [1, 2, 4]
    assert figures.owners == (("李强", 0, 1, 1), ("王芳", 1, 0, 0))
    assert figures.reasons == (("import", 1), ("no_deal", 1))


def test_the_whole_history_begins_with_empty_pools() -> None:
    figures = pool_figures(STAYS, WHOLE_HISTORY)
    assert [(row.before, row.entered, row.left, row.there) for row in figures.rows] == [(0, 3, 2, 1), (0, 1, 1, 0)]
    assert pool_figures((), WHOLE_HISTORY).rows == ()
