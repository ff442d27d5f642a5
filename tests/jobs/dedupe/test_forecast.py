from __future__ import annotations

from pathlib import Path
from typing import Any

from crmcli.config import load_settings
from crmcli.jobs.importing.plan import ReadChoices
from crmcli.jobs.inspect_files import inspect_files


def test_a_trial_tells_how_many_rows_say_the_same_again(tmp_path: Path) -> None:
    names = [*["华东精密机械有限公司"] * 2, "华東精密機械有限公司", "北京蓝天科技有限公司", "上海白云贸易有限公司"]
    path = tmp_path / "a.csv"
    path.write_text("客户名称\n" + "\n".join(names), encoding="utf-8")
    settings = load_settings(None)
    (tried,) = inspect_files(settings, [str(path)], ReadChoices(limit=5)).sheets
    assert tried.forecast is not None
    assert (tried.forecast.rows, tried.forecast.again) == (5, 2)
    (whole,) = inspect_files(settings, [str(path)], ReadChoices()).sheets
    assert whole.forecast is None


def test_a_trial_beside_a_database_tells_how_many_are_there_already(desk: Any) -> None:
    headers = ["客户名称", "公司电话"]
    desk.load(desk.write("a.csv", headers, ["上海华东精密机械有限公司", ""], ["北京蓝天科技有限公司", ""]))
    rows = [["华東精密機械（上海）有限公司", ""], ["广州白云贸易有限公司", ""], ["廣州白雲貿易有限公司", ""]]
    path = desk.write("b.csv", headers, *rows)
    workspace = desk.workspace
    (tried,) = inspect_files(workspace.settings, [path], ReadChoices(limit=9), workspace.db).sheets
    assert tried.forecast is not None
    assert (tried.forecast.rows, tried.forecast.known, tried.forecast.again) == (3, 1, 1)
    assert workspace.db.value("SELECT count(*) FROM customer") == 2
