from __future__ import annotations

from collections.abc import Callable

from crmcli.domain.metrics.closings import closed_between
from crmcli.domain.metrics.timeline import Standing, Timeline

See = Callable[..., tuple[Timeline, Standing]]


def test_closings_that_lie_between_two_versions_of_a_sheet(see: See) -> None:
    loose = {"between": True}
    seen = see(
        (1, "2026-01-01", [("2026-03-08", "赢单", loose)]),
        (2, "2026-01-01", [("2026-03-08", "赢单")]),
        (3, "2026-01-01", [("2026-03-08", "需求确认", loose)]),
        (4, "2026-01-01", []),
    )
    assert closed_between(*seen).tolist() == [True, False, False, False]
