from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from crmcli.domain.attachments import Print
from crmcli.jobs.office.file_prints import NotAttachable, check_file, kept_path, print_file, stored_file

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems name and keep files otherwise")


def test_a_large_file_is_what_its_bytes_are(tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000
    file = tmp_path / "标书.bin"
    file.write_bytes(content)
    assert print_file(file) == Print(5_120_000, hashlib.sha256(content).hexdigest())


def test_folders_links_and_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "合同.txt").write_text("a", encoding="utf-8")
    check_file(tmp_path / "合同.txt")
    with pytest.raises(NotAttachable, match="it is a folder"):
        check_file(tmp_path)
    with pytest.raises(NotAttachable, match="there is no such file"):
        check_file(tmp_path / "没有.txt")


@LINUX
def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "合同.txt").write_text("a", encoding="utf-8")
    (tmp_path / "链接").symlink_to("合同.txt")
    (tmp_path / "断了").symlink_to("没有.txt")
    os.mkfifo(tmp_path / "管道")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xba\xcf.txt"))
    odd.write_text("a", encoding="utf-8")
    for name, why in (("链接", "a link"), ("断了", "a link"), ("管道", "no plain file"), (odd.name, "no UTF-8")):
        with pytest.raises(NotAttachable, match=why):
            check_file(tmp_path / name)


def test_a_path_within_the_workspace_is_kept_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, file = tmp_path / "w", tmp_path / "w" / "合同" / "a.txt"
    file.parent.mkdir(parents=True)
    file.write_text("a", encoding="utf-8")
    assert kept_path(file, home) == "合同/a.txt"
    monkeypatch.chdir(file.parent)
    assert kept_path(Path("../合同/a.txt"), Path("..")) == "合同/a.txt"
    assert stored_file(home, "合同/a.txt") == file


def test_a_path_outside_is_kept_from_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "b.txt").write_text("b", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "w")
    kept = kept_path(Path("../b.txt"), tmp_path / "w")
    assert kept == str(tmp_path / "b.txt")
    assert stored_file(tmp_path / "w", kept) == tmp_path / "b.txt"
