from __future__ import annotations

import quopri

import pytest

from crmcli.importers.readers.vcard_lines import Property, property_of, unfolded


def test_lines_are_unfolded_and_numbered_by_their_first() -> None:
    lines = ["NOTE:a\r\n", " b\r\n", "\tc\n", "N;ENCODING=QUOTED-PRINTABLE:=E5=\n", "=BC=\n", "=A0\n", "X:=\n", "Y:1"]
    assert list(unfolded(lines)) == [
        (1, "NOTE:abc"),
        (4, "N;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0"),
        (7, "X:="),
        (8, "Y:1"),
    ]


@pytest.mark.parametrize(
    ("line", "name", "types", "value"),
    [
        ("TEL;CELL;PREF:1", "TEL", {"cell", "pref"}, "1"),
        ('item1.TEL;TYPE="voice,cell";VALUE=uri:tel:+1', "TEL", {"voice", "cell"}, "tel:+1"),
        ("tel;type=cell;type=pref:1", "TEL", {"cell", "pref"}, "1"),
        ('ADR;LABEL="a:b;c":;;d', "ADR", set[str](), ";;d"),
    ],
)
def test_a_property_is_taken_apart(line: str, name: str, types: set[str], value: str) -> None:
    found = property_of(line)
    assert found is not None
    assert (found.name, set(found.types), found.value) == (name, types, value)


@pytest.mark.parametrize("charset", ["GBK", "gb2312", "UTF-8", "", "no-such"])
def test_quoted_printable_in_the_charset_that_it_names(charset: str) -> None:
    raw = "张三".encode("utf-8" if charset in ("UTF-8", "") else "gbk")
    line = f"FN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:{quopri.encodestring(raw).decode('ascii')}"
    found = property_of(line)
    assert found is not None
    assert found.text() == "张三"


def test_escapes_and_components() -> None:
    entry = Property("ORG", value=r"甲\, 公司\;二部;一\n组;")
    assert entry.parts() == ["甲, 公司;二部", "一\n组", ""]
    assert property_of("no property") is None
