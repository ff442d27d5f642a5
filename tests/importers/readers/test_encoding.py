from __future__ import annotations

from pathlib import Path

import pytest

from crmcli.importers.readers.encoding import Encoding, encoding_of
from crmcli.importers.readers.failures import FileEncoding

CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not there")
TEXT = "客户名称,联系人,手机\n上海鑫淼科技,张昊,13800000000\n北京某某公司,李娜,13900000000\n"


@pytest.mark.parametrize(
    ("codec", "name", "guessed"),
    [
        ("utf-8", "utf-8", False), ("utf-8-sig", "utf-8-sig", False), ("utf-16", "utf-16", False),
        ("utf-32", "utf-32", False), ("gb18030", "gb18030", True), ("utf-16-le", "utf-16-le", True),
        ("utf-16-be", "utf-16-be", True), ("utf-32-le", "utf-32-le", True),
    ],
)  # fmt: skip
def test_encodings_are_recognised(tmp_path: Path, codec: str, name: str, guessed: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(codec))
    assert encoding_of(path) == Encoding(name, guessed)
    assert path.read_bytes().decode(encoding_of(path).name) == TEXT


def test_a_header_alone_is_enough_for_gbk(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("客户名称,联系人,手机\n".encode("gbk"))
    assert encoding_of(path).name == "gb18030"


def test_big5_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        ("客戶名稱,聯絡人,電話,備註\n" + "臺北某某股份有限公司,陳小明,02-12345678,請於週五前回覆報價\n" * 20).encode(
            "big5"
        )
    )
    assert encoding_of(path).name == "big5"


def test_the_user_overrides_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode("gb18030"))
    assert encoding_of(path, "GBK") == Encoding("gb18030", guessed=False)
    with pytest.raises(FileEncoding):
        encoding_of(path, "klingon")


def test_a_stray_nul_makes_no_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b,c\n\x00,2,3\n")
    assert encoding_of(path).name == "utf-8"


@needs_corpora
def test_real_chinese_texts_decode_to_the_same() -> None:
    codec = {"GB2312": "gb18030"}
    folders = ("Big5", "CP932", "GB2312", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE")
    paths = [path for name in folders for path in sorted((CORPORA / "chardet-zh" / name).iterdir())]
    assert len(paths) > 50
    wrong = []
    for path in paths:
        content, name = path.read_bytes(), path.parent.name
        found = content.decode(encoding_of(path).name).lstrip("\ufeff")
        if found != content.decode(codec.get(name, name)).lstrip("\ufeff"):
            wrong.append(path.name)
    assert wrong == []
