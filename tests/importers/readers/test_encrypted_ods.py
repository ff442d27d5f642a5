from __future__ import annotations

import hashlib
import zipfile
import zlib
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from crmcli.importers.readers.encrypted_ods import decrypted_ods
from crmcli.importers.readers.failures import FileEncrypted, FileHostile, UnknownEncryption, WrongPassword

CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
SPACE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
SALT, VECTOR, ROUNDS = b"s" * 16, b"v" * 16, 1000


def locked(path: Path, content: bytes, password: str, cipher: str = CBC) -> Path:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    deflated = deflater.compress(content) + deflater.flush()
    key = hashlib.pbkdf2_hmac("sha1", hashlib.sha256(password.encode()).digest(), SALT, ROUNDS, 32)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(VECTOR)).encryptor()
    missing = 16 - len(deflated) % 16
    padded = deflated + bytes([*bytes(missing - 1), missing])
    manifest = f"""<m:manifest xmlns:m="{SPACE}"><m:file-entry m:full-path="content.xml">
<m:encryption-data m:checksum-type="{SPACE}#sha256-1k"
 m:checksum="{b64encode(hashlib.sha256(deflated[:1024]).digest()).decode()}">
<m:algorithm m:algorithm-name="{cipher}" m:initialisation-vector="{b64encode(VECTOR).decode()}"/>
<m:start-key-generation m:start-key-generation-name="http://www.w3.org/2000/09/xmldsig#sha256"/>
<m:key-derivation m:key-derivation-name="PBKDF2" m:iteration-count="{ROUNDS}" m:salt="{b64encode(SALT).decode()}"/>
</m:encryption-data></m:file-entry></m:manifest>"""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", encryptor.update(padded) + encryptor.finalize())
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def test_with_its_password_the_cells_come_out(tmp_path: Path) -> None:
    copy = decrypted_ods(locked(tmp_path / "a.ods", b"<x/>" * 9, "秘密"), "秘密", tmp_path)
    with zipfile.ZipFile(copy) as archive:
        assert archive.read("content.xml") == b"<x/>" * 9


def test_no_password_a_wrong_one_and_another_method(tmp_path: Path) -> None:
    path = locked(tmp_path / "a.ods", b"<x/>", "秘密")
    with pytest.raises(FileEncrypted):
        decrypted_ods(path, None, tmp_path)
    with pytest.raises(WrongPassword):
        decrypted_ods(path, "密", tmp_path)
    newer = locked(tmp_path / "b.ods", b"<x/>", "秘密", "http://www.w3.org/2009/xmlenc11#aes256-gcm")
    with pytest.raises(UnknownEncryption, match="aes256-gcm") as failure:
        decrypted_ods(newer, "秘密", tmp_path)
    assert "LibreOffice" in str(failure.value.hint)


def test_a_bomb_inside_is_hostile(tmp_path: Path) -> None:
    with pytest.raises(FileHostile):
        decrypted_ods(locked(tmp_path / "a.ods", bytes(30_000_000), "秘密"), "秘密", tmp_path)


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not there")
def test_a_file_that_libreoffice_encrypted(tmp_path: Path) -> None:
    copy = decrypted_ods(CORPORA / "calamine" / "pass_protected.ods", "1234", tmp_path)
    with zipfile.ZipFile(copy) as archive:
        assert b"office:document-content" in archive.read("content.xml")
