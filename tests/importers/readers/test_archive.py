from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from crmcli.importers.readers.archive import extracted, member_name
from crmcli.importers.readers.failures import FileEncrypted, UnknownEncryption, WrongPassword

# a.csv ("a\n1\n"), encrypted as PKZIP does with the password "pw"; made with Info-ZIP's zip -P
LOCKED = bytes.fromhex(
    "504b03040a0009000000b25d775d0024c189100000000400000005000000612e637376d7d6f26570f5fb242b016f393b44ab"
    "47504b07080024c1891000000004000000504b01021e030a0009000000b25d775d0024c18910000000040000000500000000"
    "00000001000000a48100000000612e637376504b0506000000000100010033000000430000000000"
)


@pytest.mark.parametrize(
    ("raw", "flag", "name"),
    [
        ("客户.csv".encode("gbk").decode("cp437"), 0, "客户.csv"),
        ("客户.csv".encode().decode("cp437"), 0, "客户.csv"),
        ("客户.csv", 0x800, "客户.csv"),
        ("a.csv", 0, "a.csv"),
    ],
)
def test_names_written_on_chinese_windows(raw: str, flag: int, name: str) -> None:
    entry = zipfile.ZipInfo(raw)
    entry.flag_bits = flag
    assert member_name(entry) == name


def test_files_of_the_system_and_folders_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("__MACOSX/._a.csv", ".DS_Store", "b/~$a.xlsx", "b/", "b/a.csv"):
            archive.writestr(name, "x")
    assert [(name, copy.read_text()) for name, copy in extracted(path, None, tmp_path)] == [("b/a.csv", "x")]


def test_an_encrypted_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(LOCKED)
    assert [copy.read_bytes() for _name, copy in extracted(path, "pw", tmp_path)] == [b"a\n1\n"]
    with pytest.raises(FileEncrypted):
        list(extracted(path, None, tmp_path))
    with pytest.raises(WrongPassword):
        list(extracted(path, "qw", tmp_path))


def test_an_archive_encrypted_with_aes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x")
    content = bytearray(path.read_bytes())
    for at in (content.find(b"PK\x03\x04") + 6, content.find(b"PK\x01\x02") + 8):
        content[at] |= 1
        content[at + 2] = 99
    path.write_bytes(content)
    with pytest.raises(UnknownEncryption):
        list(extracted(path, "pw", tmp_path))
