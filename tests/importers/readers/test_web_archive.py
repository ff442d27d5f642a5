from __future__ import annotations

import quopri
from pathlib import Path

import pytest

from crmcli.importers.readers.failures import FileNotATable
from crmcli.importers.readers.web_archive import pages

HEAD = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\nweb page\r\n\r\n'
FIRST = (
    "<x:Name>客户&amp;</x:Name><x:WorksheetSource HRef='a.files/sheet001.htm'/>"
    '<x:Name>联系人</x:Name>\n<x:WorksheetSource HRef="a.files/sheet002.htm"/>'
)


def archive(path: Path, *parts: tuple[str, str]) -> Path:
    content = HEAD
    for place, page in parts:
        body = quopri.encodestring(page.encode("gbk")).decode("ascii")
        content += f"--x\r\nContent-Location: file:///C:/{place}\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        content += f'Content-Type: text/html; charset="gb2312"\r\n\r\n{body}\r\n'
    path.write_text(f"{content}--x--\r\n", encoding="ascii")
    return path


def test_each_page_with_a_table_under_the_name_of_its_sheet(tmp_path: Path) -> None:
    tables = [(f"a.files/sheet00{n}.htm", f"<table><tr><td>甲{n}</table>") for n in (1, 2)]
    path = archive(tmp_path / "a.mht", ("a.htm", FIRST), *tables)
    found = [(name, page.read_text(encoding="utf-8-sig")) for name, page in pages(path, tmp_path)]
    assert found == [("客户&", "<table><tr><td>甲1</table>"), ("联系人", "<table><tr><td>甲2</table>")]
    assert [file.name for file in tmp_path.iterdir()] == ["a.mht"]


def test_an_archive_without_tables_is_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotATable):
        list(pages(archive(tmp_path / "a.mht", ("a.htm", "<p>no")), tmp_path))
