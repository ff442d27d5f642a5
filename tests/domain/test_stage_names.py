from __future__ import annotations

from crmcli.domain.stage_names import Renaming, in_todays_names, todays_name

KNOWN = [Renaming("k", "议价", "谈判", "2026-03-01"), Renaming("k", "报价", "议价", "2026-05-01")]


def test_a_name_that_is_used_again_means_what_it_meant_when_it_was_recorded() -> None:
    days = ("2026-02-01", "2026-04-01", "2026-06-01")
    assert [todays_name("议价", "k", day, KNOWN) for day in days] == ["谈判", "议价", "议价"]
    assert [todays_name("报价", "k", day, KNOWN) for day in days] == ["议价", "议价", "报价"]


def test_names_of_another_pipeline_stay() -> None:
    assert todays_name("议价", "other", "2026-02-01", KNOWN) == "议价"
    assert todays_name("议价", None, None, KNOWN) == "谈判"


def test_events_are_told_in_todays_names_and_stay_as_they_are() -> None:
    event = {"value": "议价", "from_value": "报价", "recorded": "2026-02-01", "rank": 3}
    assert in_todays_names([event], "k", KNOWN) == [event | {"value": "谈判", "from_value": "议价"}]
    assert event["value"] == "议价"
    assert in_todays_names([event], "k", []) == [event]
