from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from crmcli.jobs.importing.sightings import Sightings, shared_key


def _sightings(day: str) -> Sightings:
    return Sightings(ZoneInfo("Asia/Shanghai"), "default", day)


def test_how_a_sighting_is_written_is_no_change() -> None:
    seen = _sightings("2026-03-01")
    assert seen.add(1, {"stage": "方案报价", "written": "已报价"}, 7)
    seen.day = "2026-03-08"
    assert not seen.add(1, {"stage": "方案报价", "written": "方案报价", "updated_at": "2026-03-07"}, 8)
    assert sorted(seen.seen(1)) == ["2026-03-01", "2026-03-08"]
    assert seen.fresh == [1]


def test_what_is_stored_already_is_not_fresh() -> None:
    said: dict[str, Any] = {"stage": "方案报价"}
    seen = _sightings("2026-03-01")
    seen.stored[1] = {"seen": {"2026-03-01": said}}
    assert not seen.add(1, dict(said), 7)
    assert (seen.fresh, seen.source_rows) == ([], {})
    assert seen.add(1, {"stage": "商务谈判"}, 8)
    assert seen.fresh == [1]


def test_rows_share_a_key_by_customer_and_name_unless_they_have_a_number() -> None:
    assert shared_key({"opportunity": {"name": "年框"}, "customer": {"name": "Ａ 公司"}}) == "a公司|年框"
    assert shared_key({"opportunity": {"external_id": "1", "name": "年框"}}) is None
