from __future__ import annotations

import pytest

from crmcli.matching.contacts import surname, whole_name


@pytest.mark.parametrize(
    ("text", "whole", "first"),
    [("王建国经理", "王建国", "王"), ("王总", "", "王"), ("王伟", "王伟", "王"), ("robert allen", "robert allen", "")],
)
def test_titles_are_no_part_of_a_name(text: str, whole: str, first: str) -> None:
    assert (whole_name(text), surname(text)) == (whole, first)
