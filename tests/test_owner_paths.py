"""Who has a customer or a deal, and the history of both, is written by one module each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OWN_PATHS = ("crmcli/jobs/owners/holding.py", "crmcli/jobs/deals/owner.py")
_HELD = ("'customer'", "'opportunity'")
_WHOSE = {"'owner'", "'owner_by'", "'pool'"}


def other_writers(source: str) -> Iterator[str]:
    """Yield what makes an event of an owner, a holding, or a change of who has a customer or a deal."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict) and _written(node).get("'field'") == "'owner'":
            yield f"{node.lineno}: makes an event of an owner"
        elif isinstance(node, ast.Call) and re.search(r"\.(insert|update|update_all)$", ast.unparse(node.func)):
            entity = ast.unparse(node.args[0]) if node.args else ""
            keys = {key for inner in ast.walk(node) if isinstance(inner, ast.Dict) for key in _written(inner)}
            if entity == "'holding'" or (entity in _HELD and keys & _WHOSE):
                yield f"{node.lineno}: writes who has a record"


def _written(node: ast.Dict) -> dict[str, str]:
    return {ast.unparse(key): ast.unparse(value) for key, value in zip(node.keys, node.values, strict=True) if key}


def test_no_other_module_writes_who_has_a_customer_or_a_deal() -> None:
    paths = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "crmcli").rglob("*.py"))}
    assert set(OWN_PATHS) <= paths.keys()
    found = {name: list(other_writers(path.read_text(encoding="utf-8"))) for name, path in paths.items()}
    assert {name for name, lines in found.items() if lines} == set(OWN_PATHS)


@pytest.mark.parametrize(
    "source",
    [
        "event = {'opportunity_id': 1, 'field': 'owner'}",
        "run.insert('holding', [record])",
        "run.update('customer', present, {'owner': None, 'pool': pool})",
        "run.update_all('opportunity', [(deal, {'owner': who}) for deal in deals])",
    ],
)
def test_another_writer_would_be_found(source: str) -> None:
    assert list(other_writers(source))


@pytest.mark.parametrize("source", ["run.update('contact', one, {'owner': who})", "shown = {'owner': who}"])
def test_what_writes_no_owner_of_them_is_let_be(source: str) -> None:
    assert list(other_writers(source)) == []
