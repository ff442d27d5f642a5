"""Every sentence people read exists in Chinese, and the catalogue is what the code says today."""

import ast
import importlib.util
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).parent.parent
# (file, what stands there): sentences that are extracted where they are written down, or that are put into words here
KNOWN = {
    ("crmcli/i18n.py", "self.text"),
    ("crmcli/domain/problem.py", "CATALOGUE[self.code]"),
}


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    found: Catalog = TOOL.extracted()
    return found


@pytest.fixture(scope="module")
def written() -> Catalog:
    found: Catalog = TOOL.written()
    return found


def _texts(catalog: Catalog) -> set[str]:
    return {str(message.id) for message in catalog if message.id}


def _placeholders(text: str) -> set[tuple[str, str | None, str | None]]:
    return {(name, spec, turned) for _, name, spec, turned in string.Formatter().parse(text) if name is not None}


def test_extraction_finds_strings_of_every_marker() -> None:
    source = (
        '_("one"); msg("two {x}", x=1); i18n.msg("three"); register(**{"a.b": "four"}, c="five")\n'
        'msg(""); print("not this"); msg(text)\n'
    )
    assert [text for _, text in TOOL.strings_of(source)] == ["one", "two {x}", "three", "four", "five"]


def test_every_sentence_has_a_chinese_one(extracted: Catalog, written: Catalog) -> None:
    chinese = {str(message.id): message.string for message in written if message.id}
    missing = sorted(text for text in _texts(extracted) if not chinese.get(text))
    assert missing == [], "run tools/messages.py and translate them in crmcli.po"
    assert len(chinese) > 500


def test_nothing_is_kept_that_the_code_no_longer_says(extracted: Catalog, written: Catalog) -> None:
    assert _texts(written) - _texts(extracted) == set()
    assert not written.obsolete
    assert not [message.id for message in written if message.fuzzy and message.id]


def test_placeholders_are_the_same_in_both(written: Catalog) -> None:
    differ = [
        message.id
        for message in written
        if message.id and _placeholders(str(message.id)) != _placeholders(str(message.string))
    ]
    assert differ == []


def test_the_compiled_catalogue_is_todays(written: Catalog) -> None:
    assert TOOL.PO.with_suffix(".mo").read_bytes() == TOOL.compiled(written)


def test_chinese_sentences_have_no_half_width_punctuation_between_characters(written: Catalog) -> None:
    def wide(character: str) -> bool:
        return "\u4e00" <= character <= "\u9fff"

    wrong = [
        message.string
        for message in written
        if message.id
        for left, mark, right in zip(*(str(message.string)[n:] for n in range(3)), strict=False)
        if mark in ",;:?!" and wide(left) and wide(right)
    ]
    assert wrong == []


def test_every_sentence_can_be_extracted() -> None:
    odd = [
        (file, ast.unparse(argument))
        for file, argument in _first_arguments({"_", "msg", "N_"})
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str))
    ]
    assert [at for at in odd if at not in KNOWN] == []


def test_a_message_is_made_of_words_only_by_msg() -> None:
    """`Message(...)` takes the template of another message, or one without words."""
    literal = [
        (file, argument.value)
        for file, argument in _first_arguments({"Message"})
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    wordy = [at for at in literal if any(part.strip() for part, *_ in string.Formatter().parse(at[1]))]
    assert wordy == []


def _first_arguments(names: set[str]) -> Iterator[tuple[str, ast.expr]]:
    for path in sorted((ROOT / "crmcli").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in names:
                    yield path.relative_to(ROOT).as_posix(), node.args[0]
