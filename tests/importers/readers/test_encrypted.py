from __future__ import annotations

import hashlib
import stat
import struct
from functools import partial
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import olefile
import openpyxl
import pytest
import xlrd
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from crmcli.importers.readers.encrypted import _plain_records, decrypted_office
from crmcli.importers.readers.failures import FileDamaged, FileEncrypted, UnknownEncryption, WrongPassword

CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not there")


def locked(path: Path, password: str) -> Path:
    workbook, plain = openpyxl.Workbook(), BytesIO()
    page = workbook.active
    assert page is not None
    page["A1"] = "客户名称"
    workbook.save(plain)
    with path.open("wb") as target:
        OOXMLFile(plain).encrypt(password, target)
    return path


def first_cell(path: Path) -> object:
    page = openpyxl.load_workbook(BytesIO(path.read_bytes())).active
    assert page is not None
    return page["A1"].value


def test_agile_encryption(tmp_path: Path) -> None:
    path = locked(tmp_path / "a.xlsx", "秘密")
    copy = decrypted_office(path, "秘密", tmp_path)
    assert first_cell(copy) == "客户名称"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@pytest.mark.parametrize("password", [None, "some other"])
def test_excels_own_password_is_tried_without_asking(tmp_path: Path, password: str | None) -> None:
    path = locked(tmp_path / "a.xlsx", "VelvetSweatshop")
    assert first_cell(decrypted_office(path, password, tmp_path)) == "客户名称"


def test_no_password_and_a_wrong_one(tmp_path: Path) -> None:
    path = locked(tmp_path / "a.xlsx", "秘密")
    with pytest.raises(FileEncrypted):
        decrypted_office(path, None, tmp_path)
    with pytest.raises(WrongPassword):
        decrypted_office(path, "秘", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_damaged_one_is_encrypted_until_somebody_knows_the_password(tmp_path: Path) -> None:
    path = locked(tmp_path / "a.xlsx", "秘密")
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(FileEncrypted):
        decrypted_office(path, None, tmp_path)
    with pytest.raises((FileDamaged, UnknownEncryption)):
        decrypted_office(path, "秘密", tmp_path)


@needs_corpora
@pytest.mark.parametrize(
    ("name", "password", "rows"),
    [
        ("messytables/encrypted_no_password.xls", None, 7),
        ("phpspreadsheet/XLS/pwtest.xls", None, 1),
        ("phpspreadsheet/XLS/pwtest3.xls", None, 1),
    ],
)
def test_rc4(tmp_path: Path, name: str, password: str | None, rows: int) -> None:
    copy = decrypted_office(CORPORA / name, password, tmp_path)
    assert xlrd.open_workbook(file_contents=copy.read_bytes()).sheet_by_index(0).nrows == rows


@needs_corpora
@pytest.mark.parametrize(("name", "password"), [("pass_protected.xlsx", "123"), ("pass_protected.xlsb", "1234")])
def test_files_that_excel_encrypted(tmp_path: Path, name: str, password: str) -> None:
    copy = decrypted_office(CORPORA / "calamine" / name, password, tmp_path)
    assert copy.read_bytes().startswith(b"PK\x03\x04")


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_xor_obfuscation_leaves_what_was_never_obfuscated() -> None:
    password = "Sesame"  # noqa: S105 - of a made-up file
    keys = DocumentXOR.create_xor_array_method1(password)
    plain = [
        (0x0809, b"\x00\x06\x05\x00" + bytes(12)), (0x2F, b"\x00\x00abcd"), (0x85, b"\x01\x02\x03\x04sheet"),
        (0x0203, bytes(range(40))), (0x0A, b""),
    ]  # fmt: skip
    stream = b""
    for kind, content in plain:
        at, clear = len(stream) + 4, {0x0809: 16, 0x2F: 6, 0x85: 4}.get(kind, 0)
        hidden = bytearray(content)
        for offset in range(clear, len(content)):
            byte = content[offset]
            hidden[offset] = ((byte << 5 | byte >> 3) & 0xFF) ^ keys[(at + len(content) + offset) % 16]
        stream += record(kind, bytes(hidden))
    office = SimpleNamespace(type="xor", key=password)
    expected = b"".join(record(0 if kind == 0x2F else kind, content) for kind, content in plain)
    assert _plain_records(stream + b"\x00\x00", office) == expected + b"\x00\x00"


def as_standard(path: Path, password: str) -> None:
    """Encrypt what an agile package of the password "x" holds once more, as Excel 2007 did (MS-OFFCRYPTO 2.3.4.5)."""
    plain, salt, verifier = BytesIO(), b"s" * 16, b"v" * 16
    with path.open("rb") as stream:
        office = OOXMLFile(stream)
        office.load_key(password="x")  # noqa: S106 - of a made-up file
        office.decrypt(plain)
    content = plain.getvalue()
    sha1 = partial(hashlib.sha1, usedforsecurity=False)
    key = sha1(salt + password.encode("utf-16-le")).digest()
    for turn in range(50_000):
        key = sha1(struct.pack("<I", turn) + key).digest()
    mixed = sha1(key + bytes(4)).digest().ljust(64, b"\0")
    aes = algorithms.AES(sha1(bytes(b ^ 0x36 for b in mixed)).digest()[:16])
    encryptor = Cipher(aes, modes.ECB()).encryptor()  # noqa: S305 - as the format has it
    header = struct.pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + "AES\0".encode("utf-16-le")
    check = encryptor.update(verifier) + struct.pack("<I", 20) + encryptor.update(sha1(verifier).digest() + bytes(12))
    info = struct.pack("<HHII", 4, 2, 0x24, len(header)) + header + struct.pack("<I", 16) + salt + check
    with path.open("r+b") as target, olefile.OleFileIO(target, write_mode=True) as ole:
        size = ole.get_size("EncryptedPackage")
        padded = content.ljust(size - 8, b"\0")
        ole.write_stream("EncryptionInfo", info.ljust(ole.get_size("EncryptionInfo"), b"\0"))
        ole.write_stream("EncryptedPackage", struct.pack("<Q", len(content)) + encryptor.update(padded))


def test_standard_encryption(tmp_path: Path) -> None:
    path = locked(tmp_path / "a.xlsx", "x")
    as_standard(path, "秘密")
    assert first_cell(decrypted_office(path, "秘密", tmp_path)) == "客户名称"
    with pytest.raises(WrongPassword):
        decrypted_office(path, "x", tmp_path)
