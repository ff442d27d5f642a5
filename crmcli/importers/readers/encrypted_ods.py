"""Encrypted .ods files: with the right password, a private copy that can be read.

Source: OASIS OpenDocument 1.3 part 2, 4.8 (manifest:encryption-data); what LibreOffice wrote before 24.2.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from base64 import b64decode
from pathlib import Path
from typing import NamedTuple

from crmcli.i18n import msg
from crmcli.importers.readers.encrypted import private_copy
from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import (
    FileDamaged,
    FileEncrypted,
    FileHostile,
    UnknownEncryption,
    WrongPassword,
)
from crmcli.importers.readers.zip_check import MAX_ENTRY_MB, MIN_RATIO, RATIO_FROM_BYTES

_MANIFEST = "META-INF/manifest.xml"
_CONTENT = "content.xml"
_MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_PLAIN_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MEDIA_TYPE}"/></manifest:manifest>'
)
_CIPHER = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
_CHECKED_BYTES = 1024
_BLOCK = 16
_HASHES = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
_MAX_ROUNDS = 10_000_000


class _Lock(NamedTuple):
    """How one part is encrypted. `check` is the hash of the beginning of what stands in it."""

    cipher: str
    vector: bytes
    derivation: str
    salt: bytes
    rounds: int
    key_bytes: int
    start_hash: str
    check_hash: str
    check: bytes


def decrypted_ods(path: Path, password: str | None, folder: Path) -> Path:
    """Return a decrypted copy, in `folder`, of an encrypted .ods file: its cells and nothing else.

    Raises:
        FileEncrypted: no password was given. WrongPassword: it is another one. UnknownEncryption: a method that
        nobody here knows. FileDamaged, FileHostile: it cannot be taken apart.
    """
    file = str(path)
    try:
        with engine_border(), zipfile.ZipFile(path) as archive:
            lock = _lock(archive.read(_MANIFEST))
            content = archive.read(_CONTENT) if _CONTENT in archive.namelist() else b""
    except EngineFailed as failure:
        raise FileDamaged(file, str(failure)) from None
    if lock is None or lock.cipher != _CIPHER or lock.derivation != "PBKDF2" or lock.rounds > _MAX_ROUNDS:
        raise UnknownEncryption(file, lock.cipher.rpartition("#")[2] if lock else "manifest")
    if not password:
        raise FileEncrypted(file)
    deflated = _decrypted(content, lock, password)
    if _HASHES[lock.check_hash](deflated[:_CHECKED_BYTES]).digest() != lock.check:
        raise WrongPassword(file)
    return _package(file, _inflated(file, deflated), folder)


def _lock(manifest: bytes) -> _Lock | None:
    """Return how the cells are encrypted; None where the manifest does not say it in a known way."""
    from defusedxml import ElementTree

    for entry in ElementTree.fromstring(manifest):
        said = {_local(key): value for part in entry.iter() for key, value in part.items()}
        if said.get("full-path") not in (_CONTENT, "encrypted-package") or "algorithm-name" not in said:
            continue
        start, check = said.get("start-key-generation-name", "#sha1"), said.get("checksum-type", "")
        known = [name for name in _HASHES if check.lower().endswith(f"#{name}-1k")]
        return _Lock(
            said["algorithm-name"],
            b64decode(said.get("initialisation-vector", "")),
            said.get("key-derivation-name", "").rpartition("#")[2].upper() if known else "",
            b64decode(said.get("salt", "")),
            int(said.get("iteration-count", 0)),
            32,
            start.rpartition("#")[2].lower(),
            known[0] if known else "",
            b64decode(said.get("checksum", "")),
        )
    return None


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _decrypted(content: bytes, lock: _Lock, password: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    start = _HASHES.get(lock.start_hash, hashlib.sha1)(password.encode("utf-8")).digest()
    key = hashlib.pbkdf2_hmac("sha1", start, lock.salt, max(lock.rounds, 1), lock.key_bytes)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(lock.vector)).decryptor()
    plain = decryptor.update(content[: len(content) // _BLOCK * _BLOCK]) + decryptor.finalize()
    padding = plain[-1] if plain and plain[-1] <= _BLOCK else 0
    return plain[: len(plain) - padding]


def _inflated(file: str, deflated: bytes) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    most = min(max(int(len(deflated) / MIN_RATIO), RATIO_FROM_BYTES), MAX_ENTRY_MB << 20)
    try:
        content = inflater.decompress(deflated, most)
    except zlib.error as error:
        raise FileDamaged(file, f"ODS: {error}") from None
    if inflater.unconsumed_tail:
        raise FileHostile(
            file, msg("its part {part} inflates {times} times (a zip bomb)", part=_CONTENT, times=round(1 / MIN_RATIO))
        )
    return content


def _package(file: str, content: bytes, folder: Path) -> Path:
    copy = private_copy(b"", folder)
    try:
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            package.writestr("mimetype", _MEDIA_TYPE, zipfile.ZIP_STORED)
            package.writestr(_MANIFEST, _PLAIN_MANIFEST)
            package.writestr(_CONTENT, content)
    except OSError as error:
        raise FileDamaged(file, error.strerror or str(error)) from None
    return copy
