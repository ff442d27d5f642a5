"""Encrypted workbooks: with the right password, a private copy that can be read.

Source: MS-OFFCRYPTO (ECMA-376 standard and agile encryption; RC4, RC4 CryptoAPI and XOR obfuscation of .xls).
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import FileDamaged, FileEncrypted, UnknownEncryption, WrongPassword
from crmcli.importers.readers.ole_records import records_of, stream_name

if TYPE_CHECKING:
    from olefile import OleFileIO

# Excel's own, for workbooks that are only protected against changes; Excel tries it before it asks.
# Source: Apache POI, Decryptor.DEFAULT_PASSWORD
DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105 - public, the same in every copy of Excel
_RC4_BLOCK = 1024
_FILE_PASS = 0x2F
# records that stay readable in an encrypted stream: BOF, FilePass, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead
# Source: MS-XLS 2.2.10
_CLEAR = frozenset({0x0809, _FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138})
_BOUND_SHEET = 0x85  # the place of the sheet, its first four bytes, stays readable


def decrypted_office(path: Path, password: str | None, folder: Path) -> Path:
    """Return a decrypted copy, in `folder`, of an encrypted xlsx, xlsm, xlsb or xls file.

    Raises:
        FileEncrypted: no password was given, and Excel's own does not open it. WrongPassword: the one given does
        not. UnknownEncryption: a method that nobody here knows. FileDamaged: it cannot be taken apart.
    """
    from msoffcrypto.exceptions import InvalidKeyError

    for attempt in (password, DEFAULT_PASSWORD):
        if attempt:
            try:
                content = _decrypted(path, attempt)
            except InvalidKeyError:
                continue
            except FileDamaged:
                if password:
                    raise
                break
            return private_copy(content, folder)
    raise WrongPassword(str(path)) if password else FileEncrypted(str(path))


def private_copy(content: bytes, folder: Path) -> Path:
    """Return a new file in `folder` that only this user can read."""
    with NamedTemporaryFile(dir=folder, delete=False) as copy:
        copy.write(content)
    return Path(copy.name)


def _decrypted(path: Path, password: str) -> bytes:
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    file = str(path)
    with path.open("rb") as stream:
        try:
            with engine_border():
                office = OfficeFile(stream)
                if office.format == "xls97":
                    office.load_key(password=password)
                    return _decrypted_xls(stream, office)
                office.load_key(password=password, verify_password=True)
                plain = BytesIO()
                office.decrypt(plain)
                return plain.getvalue()
        except EngineFailed as failure:
            if isinstance(failure.__cause__, InvalidKeyError):
                raise failure.__cause__ from None
            if isinstance(failure.__cause__, (DecryptionError, FileFormatError)):
                raise UnknownEncryption(file, str(failure)) from None
            raise FileDamaged(file, str(failure)) from None


def _decrypted_xls(stream: BinaryIO, office: Any) -> bytes:
    """Return the file with its records in the clear; `office` holds the key."""
    from olefile import OleFileIO

    stream.seek(0)
    plain = BytesIO(stream.read())
    with OleFileIO(plain, write_mode=True) as ole:
        name = stream_name(ole)
        ole.write_stream(name, _plain_records(_content(ole, name), office))
        return plain.getvalue()


def _content(ole: OleFileIO, name: str) -> bytes:
    with ole.openstream(name) as stream:
        return bytes(stream.read())


def _plain_records(content: bytes, office: Any) -> bytes:
    """Return the records of a Workbook stream decrypted, each at its place; FilePass becomes one without meaning."""
    plain = bytearray(_xored(content, office.key) if office.type == "xor" else _rc4(content, office))
    for start, end in _readable(content):
        plain[start:end] = content[start:end]
    for kind, at, _size in records_of(content):
        if kind == _FILE_PASS:
            plain[at - 4 : at - 2] = b"\x00\x00"
    return bytes(plain)


def _readable(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield the places (start, end) that were never encrypted."""
    end = 0
    for kind, at, size in records_of(content):
        clear = size if kind in _CLEAR else 4 if kind == _BOUND_SHEET else 0
        yield at - 4, at + clear
        end = at + size
    yield end, len(content)


def _rc4(content: bytes, office: Any) -> bytes:
    from msoffcrypto.method.rc4 import DocumentRC4
    from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI

    stream = BytesIO(content)
    if office.type == "rc4":
        return bytes(DocumentRC4.decrypt(office.key, office.salt, stream, blocksize=_RC4_BLOCK).read())
    plain = DocumentRC4CryptoAPI.decrypt(office.key, office.salt, office.keySize, stream, blocksize=_RC4_BLOCK)
    return bytes(plain.read())


def _xored(content: bytes, password: str) -> bytes:
    """Return the stream with the XOR obfuscation undone, readable places too. Source: MS-OFFCRYPTO 2.3.7.3."""
    from msoffcrypto.method.xor_obfuscation import DocumentXOR

    keys = DocumentXOR.create_xor_array_method1(password)
    tables = [bytes(_rotated(byte ^ key) for byte in range(256)) for key in keys]
    plain = bytearray(content)
    for _kind, at, size in records_of(content):
        for offset in range(min(16, size)):
            place = slice(at + offset, at + size, 16)
            plain[place] = content[place].translate(tables[(at + size + offset) % 16])
    return bytes(plain)


def _rotated(byte: int) -> int:
    return (byte >> 5 | byte << 3) & 0xFF
