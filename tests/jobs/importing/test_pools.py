from __future__ import annotations

from typing import Any

from crmcli.config import load_settings
from crmcli.domain.settle import Mode
from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.pool.recycle import run_pool

HEADERS = ("客户名称", "负责人")


def _fallen(desk: Any) -> None:
    """A customer of 李强, as a file said, has fallen into the pool a year later."""
    path = desk.workspace.config_path
    text = path.read_text(encoding="utf-8").replace("recycle = {}", "recycle = { no_follow_up_days = 30 }")
    path.write_text(text, encoding="utf-8")
    desk.workspace = type(desk.workspace)(
        desk.db, load_settings(path), desk.workspace.clock, "tester", "crmcli import", path
    )
    desk.rows(HEADERS, ("乙公司", "李强"))
    assert len(run_pool(desk.at(365)).fallen) == 1


def _held(desk: Any) -> list[Any]:
    customer = desk.one("customer")
    return [customer["owner"], customer["pool"]]


def test_the_same_file_again_takes_nobody_out_of_a_pool(desk: Any) -> None:
    _fallen(desk)
    desk.rows(HEADERS, ("乙公司", "李强"), days=366)
    assert _held(desk) == [None, "公海"]
    assert desk.alternates() == [("owner", "李强")]
    assert run_pool(desk.at(366)).fallen == []


def test_overwriting_takes_a_customer_out_of_its_pool(desk: Any) -> None:
    _fallen(desk)
    desk.rows(HEADERS, ("乙公司", "王芳"), days=366, on_match=Mode.OVERWRITE)
    assert _held(desk) == ["王芳", None]


def test_a_file_that_names_an_owner_takes_a_deal_out_of_the_pool(desk: Any) -> None:
    headers = ("商机编号", "商机名称", "客户名称", "负责人")
    desk.rows(headers, ("1", "项目", "乙公司", ""))
    assign_opportunities(desk.workspace)
    assert desk.one("opportunity")["pool"] == "公海"
    desk.rows(headers, ("1", "项目", "乙公司", "王芳"), days=1)
    deal = desk.one("opportunity")
    assert [deal[key] for key in ("owner", "owner_by", "pool")] == ["王芳", "import", None]
