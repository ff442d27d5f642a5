from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.approvals import decided, deciders, why_not_decided
from crmcli.domain.assignment.model import Owner
from crmcli.domain.records import ENTITIES

STAFF = (Owner("张伟", manager="王芳", deputy="李娜"), Owner("王芳"), Owner("李娜", manager="王芳"))


def asked(**known: Any) -> dict[str, Any]:
    return ENTITIES["approval"].blank() | {"subject": "九折", "approver": "张伟"} | known


@pytest.mark.parametrize(
    ("who", "may"), [("张伟", True), (" 张 伟 ", True), ("李娜", True), ("王芳", True), ("赵六", False), ("", False)]
)
def test_the_approver_the_deputy_and_the_manager_decide(who: str, *, may: bool) -> None:
    assert (why_not_decided(asked(), who, STAFF) is None) == may


def test_a_manager_s_question_is_not_his_people_s() -> None:
    assert str(why_not_decided(asked(approver="王芳"), "张伟", STAFF)) == "张伟 may not decide it, only: 王芳"


def test_somebody_outside_the_list_of_owners_decides_alone() -> None:
    assert deciders("法务部", STAFF) == ["法务部"]


@pytest.mark.parametrize("decision", ["approved", "refused"])
def test_what_is_decided_stays_so(decision: Any) -> None:
    settled = asked(**decided(decision, "王芳", "2026-06-30T09:00:00+08:00", ""))
    assert settled["note"] is None
    assert str(why_not_decided(settled, "张伟", STAFF)) == f"it was {decision} at 2026-06-30T09:00:00+08:00 by 王芳"
