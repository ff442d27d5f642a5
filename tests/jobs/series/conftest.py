from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crmcli.jobs.importing.plan import ReadChoices
from crmcli.jobs.series.read_series import SeriesOptions, SeriesResult, read_series
from crmcli.jobs.series.versions import DateChoices

HEADERS = ("商机编号", "客户名称", "商机名称", "金额", "阶段", "负责人", "预计成交日期")


@pytest.fixture
def version(desk: Any) -> Callable[..., str]:
    """Return a maker of one version: its file's name, then a text a row, the cells apart by blanks ("-" is empty)."""

    def make(name: str, *rows: str, headers: tuple[str, ...] = HEADERS) -> str:
        cells = [["" if cell == "-" else cell for cell in row.split()] for row in rows]
        return str(desk.write(name, headers, *cells))

    return make


@pytest.fixture
def series(desk: Any) -> Callable[..., SeriesResult]:
    """Return a reader of versions."""

    def read(*paths: str, source: str = "", dry_run: bool = False, **dates: Any) -> SeriesResult:
        options = SeriesOptions(ReadChoices(source=source), DateChoices(**dates), dry_run)
        return read_series(desk.workspace, paths, options)

    return read
