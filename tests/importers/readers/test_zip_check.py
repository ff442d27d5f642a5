from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from crmcli.importers.readers import zip_check
from crmcli.importers.readers.failures import FileDamaged, FileEncrypted, FileHostile
from crmcli.importers.readers.zip_check import check_zip

MARK = (b't="e"',)


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return path


def test_parts_that_hold_the_bytes_are_named_even_across_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_check, "_CHUNK", 7)
    path = archive(tmp_path / "a", {"a.xml": b'<x><c t="e"/></x>', "b.xml": b"<x/>"})
    assert check_zip(path, MARK) == {"a.xml"}


def test_a_bomb_is_hostile(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", {"xl/worksheets/sheet1.xml": b"<x>" + b" " * 5_000_000})
    with pytest.raises(FileHostile, match="zip bomb"):
        check_zip(path, MARK)


def test_too_many_parts_are_hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_check, "MAX_ENTRIES", 3)
    with pytest.raises(FileHostile, match="4 parts"):
        check_zip(archive(tmp_path / "a", {str(n): b"x" for n in range(4)}), MARK)


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY e "a">]><x/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-+ACE-DOCTYPE x+AD4-<x/>',
        '<?xml version="1.0" encoding="IBM037"?><x/>'.encode("cp037"),
    ],
)
def test_document_types_and_hidden_encodings_are_hostile(tmp_path: Path, part: bytes) -> None:
    with pytest.raises(FileHostile):
        check_zip(archive(tmp_path / "a", {"xl/sharedStrings.xml": part}), MARK)


def test_a_wrong_declared_size_or_checksum_is_damage(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", {"a.xml": b"<x>" + b"0123456789" * 20 + b"</x>"})
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(FileDamaged):
        check_zip(path, MARK)


def test_encrypted_parts_are_named(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", {"a.xml": b"<x/>"})
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(FileEncrypted):
        check_zip(path, MARK)
