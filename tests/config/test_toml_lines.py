from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.config.template import TEMPLATES, template
from crmcli.config.toml_lines import Path, line_numbers, line_of

TRICKY = """\
# a comment with [brackets] and "quotes"
"quoted key" = 'x # no comment' # a comment
a.b . c = 1
[t."x.y"]
text = \"\"\"
[not.a.table]
key = 1
\"\"\"
raw = '''
]]'''
after = 1
list = [ # comment, with ] in it
  "a, b]",
  { k = "}", deep = { m = [1,
    2] } },
]
[[rows]]
n = 1
[rows.sub]
o = 2
[[rows.more]]
p = 3
[[rows]]
n = 4
[[rows.more]]
p = 5
"""


def test_every_key_of_a_tricky_text_has_its_line() -> None:
    lines = line_numbers(TRICKY)
    expected: dict[Path, int] = {
        ("quoted key",): 2,
        ("a", "b", "c"): 3,
        ("t", "x.y", "text"): 5,
        ("t", "x.y", "raw"): 9,
        ("t", "x.y", "after"): 11,
        ("t", "x.y", "list", 0): 13,
        ("t", "x.y", "list", 1, "k"): 14,
        ("t", "x.y", "list", 1, "deep", "m", 1): 15,
        ("rows", 0, "sub", "o"): 20,
        ("rows", 0, "more", 0, "p"): 22,
        ("rows", 1): 23,
        ("rows", 1, "more", 0, "p"): 26,
    }
    assert {path: lines.get(path) for path in expected} == expected


@pytest.mark.parametrize("text", [TRICKY, *(template(name) for name in TEMPLATES)])
def test_all_that_tomllib_reads_is_found_and_nothing_else(text: str) -> None:
    assert set(line_numbers(text)) == {path for path in _paths(tomllib.loads(text)) if path != ("t",)}


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=3), max_size=4))
def test_keys_of_any_letters_are_found_in_order(table: dict[str, list[str]]) -> None:
    def quoted(text: str) -> str:
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in text) + '"'

    if any("\ud800" <= letter <= "\udfff" for key, texts in table.items() for letter in key + "".join(texts)):
        return
    rows = [f"{quoted(key)} = [{', '.join(quoted(one) for one in texts)}]" for key, texts in table.items()]
    lines = line_numbers("\n".join(rows))
    assert [lines[key,] for key in table] == list(range(1, len(table) + 1))


def test_a_path_that_is_not_written_has_the_line_of_what_surrounds_it() -> None:
    lines = line_numbers("[a]\n[[a.b]]\nc = 1\n")
    assert line_of(lines, ("a", "b", 0, "missing")) == 2
    assert line_of(lines, ("nowhere",)) == 1


def _paths(value: Any, path: Path = ()) -> set[Path]:
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)  # type: ignore[assignment]
    else:
        return set()
    return {found for key, one in inner for found in ({(*path, key)} | _paths(one, (*path, key)))}
