"""The catalogue of messages: `python tools/messages.py update` after strings change, `check` in the tests.

Source strings are English and stand in the code as `_("...")`, `msg("...")` or in `problem.register(...)`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PO = ROOT / "crmcli" / "locale" / "zh" / "LC_MESSAGES" / "crmcli.po"
_MARKERS = {"_", "msg", "N_"}


def strings_of(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every translatable string of a Python source."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        values: list[ast.expr] = []
        if name in _MARKERS:
            values = node.args[:1]
        elif name == "register":
            for keyword in node.keywords:
                values += keyword.value.values if isinstance(keyword.value, ast.Dict) else [keyword.value]
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.lineno, value.value


def extracted() -> Catalog:
    """Return a catalogue of all strings of the package, with where they stand."""
    catalog = Catalog(locale="zh", project="crmcli", fuzzy=False)
    for path in sorted((ROOT / "crmcli").rglob("*.py")):
        for _line, text in strings_of(path.read_text(encoding="utf-8")):
            catalog.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)], flags=["python-brace-format"])
    return catalog


def written() -> Catalog:
    """Return the Chinese catalogue as it is kept."""
    if not PO.exists():
        return Catalog(locale="zh")
    with PO.open("rb") as file:
        return read_po(file, locale="zh")


def compiled(catalog: Catalog) -> bytes:
    """Return the catalogue as gettext reads it."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update() -> list[str]:
    """Bring the kept catalogue up to the code and compile it; returns what still has no Chinese."""
    catalog, template = written(), extracted()
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalog.creation_date = catalog.revision_date
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    PO.with_suffix(".mo").write_bytes(compiled(written()))
    return [str(message.id) for message in catalog if message.id and not message.string]


if __name__ == "__main__":
    missing = update()
    for text in missing:
        print(text)
    sys.exit(1 if missing else 0)
