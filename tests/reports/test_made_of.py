from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import Population
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.excel.workbook import write_workbook
from crmcli.reports.json import document
from crmcli.reports.made_of import MadeOf, NotAReport, read_made_of
from crmcli.reports.options import ReportOptions


def _written(population: Population, options: ReportOptions, path: Path) -> Path:
    report = report_kind("winrate").build(population, options)
    if path.suffix == ".json":
        path.write_text(json.dumps(document(report), ensure_ascii=False), encoding="utf-8")
    else:
        write_workbook(report, path)
    return path


SETTINGS = '{"workspace":{"name":"' + "华东" * 20_000 + '"}}'  # longer than a cell may be


@pytest.mark.parametrize("name", ["a.xlsx", "a.json"])
def test_an_output_says_how_to_make_it_again(
    population: Population, options: ReportOptions, tmp_path: Path, name: str
) -> None:
    told = datetime.fromisoformat("2026-03-09T20:00:00+08:00")
    asked = replace(options, by=("owner",), period=Period(date(2026, 3, 1), date(2026, 4, 1)), data_time=told,
                    arguments=(("by", "owner"), ("interval", "yes")), program="1+a",
                    settings=SETTINGS)  # fmt: skip
    found = read_made_of(_written(population, asked, tmp_path / name))
    assert found == MadeOf("winrate", asked.period, asked.as_of, None, told, asked.config_hash,
                           {"by": "owner", "interval": "yes"}, "1+a", SETTINGS)  # fmt: skip
    assert found.knew_until == told
    then = datetime.fromisoformat("2026-03-08T00:00:00+08:00")
    assert read_made_of(_written(population, replace(asked, known_at=then), tmp_path / name)).knew_until == then


def test_what_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"report": "funnel"}', encoding="utf-8")
    (tmp_path / "b.json").write_text("[]", encoding="utf-8")
    (tmp_path / "c.xlsx").write_bytes(b"PK no zip")
    for name in ("a.json", "b.json", "c.xlsx", "absent.xlsx"):
        with pytest.raises(NotAReport):
            read_made_of(tmp_path / name)
