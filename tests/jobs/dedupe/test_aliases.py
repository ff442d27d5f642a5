from __future__ import annotations

from typing import Any

from crmcli.jobs.dedupe.aliases import list_aliases, set_alias
from crmcli.jobs.undo import undo_run


def test_a_short_name_means_the_last_full_name_given(office: Any) -> None:
    assert set_alias(office.workspace, "工行", "中国工商银行") == "R1"
    set_alias(office.workspace, " 工行", "中国工商银行股份有限公司")
    assert list_aliases(office.workspace) == [{"short": "工行", "full": "中国工商银行股份有限公司"}]


def test_an_alias_can_be_taken_back_and_tried(office: Any) -> None:
    assert set_alias(office.workspace, "工行", "中国工商银行", dry_run=True) is None
    assert list_aliases(office.workspace) == []
    set_alias(office.workspace, "工行", "中国工商银行")
    undo_run(office.workspace, "R1")
    assert list_aliases(office.workspace) == []
