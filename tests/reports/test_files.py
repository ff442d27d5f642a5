from __future__ import annotations

import os
from pathlib import Path

import pytest

from crmcli.domain.values.text import clean
from crmcli.reports.files import FileNotWritten, save_csv


def test_csv_cells_are_data_and_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    cells = ["=1+1", "@SUM(A1)", "＝1", "-5折", "+8613800138000", "-12.5%", "甲"]
    save_csv(path, [cells])
    written = path.read_text("utf-8-sig").rstrip("\r\n").split(",")
    assert written == ["'=1+1", "'@SUM(A1)", "'＝1", "'-5折", "+8613800138000", "-12.5%", "甲"]
    assert [clean(cell) for cell in written] == cells


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    save_csv(path, [["1"]])
    with pytest.raises(FileNotWritten):
        save_csv(tmp_path / "no folder" / "out.csv", [["1"]])
    with pytest.raises(ValueError, match="stop"):
        save_csv(path, (_fail(row) for row in ["2"]))
    assert path.read_text("utf-8-sig") == "1\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]


def _fail(_row: str) -> list[str]:
    raise ValueError("stop")


@pytest.mark.parametrize("place", [".", "file/out.csv"])
def test_a_place_that_takes_no_file_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileNotWritten):
        save_csv(tmp_path / place, [["1"]])
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_or_device_never_gives_way_to_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileNotWritten):
        save_csv(tmp_path / "pipe", [["1"]])
    assert (tmp_path / "pipe").is_fifo()
