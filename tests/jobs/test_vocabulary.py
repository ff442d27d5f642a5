from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.jobs.vocabulary import loss_reasons, owner_names, pipelines, stored_words
from crmcli.store.journal import open_run


@pytest.fixture
def said(desk: Any) -> Any:
    """Return a workspace whose database keeps four words."""
    words = [
        ("stage", "走流程", "商务谈判"),
        ("stage", "Won", "输单"),
        ("loss_reason", "嫌贵", "价格"),
        ("owner", "老王", "王芳"),
    ]
    blank = ENTITIES["synonym"].blank()
    with open_run(desk.workspace.db, desk.workspace.start("words")) as run:
        run.insert("synonym", [blank | {"kind": k, "written": w, "meaning": m} for k, w, m in words])
    return desk.workspace


def test_the_databases_words_are_read_beside_the_settings(said: Any) -> None:
    assert pipelines(said)[0].place("走流程").name == "商务谈判"
    assert loss_reasons(said).match("嫌贵") == "价格"
    assert stored_words(said.db, "owner") == {"老王": "王芳"}


def test_the_settings_words_count_more(said: Any) -> None:
    assert pipelines(said)[0].place("won").name == "赢单"


def test_owners_of_the_database_are_known(said: Any) -> None:
    with open_run(said.db, said.start("add")) as run:
        run.insert("owner", [ENTITIES["owner"].blank() | {"name": "王 芳"}])
    assert "王 芳" in owner_names(said).values()
