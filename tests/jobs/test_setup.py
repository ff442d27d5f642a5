from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from crmcli.config.findings import NoConfigFile
from crmcli.config.template import UnknownTemplate
from crmcli.errors import CrmError
from crmcli.jobs import setup
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.setup import AlreadyThere, check_settings, make_workspace
from crmcli.store.errors import not_writable

pytestmark = pytest.mark.usefixtures("from_scratch")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workspace_in_a_new_folder_is_private_and_usable(tmp_path: Path, language: str) -> None:
    made = make_workspace(tmp_path / "a" / "b", language)
    assert check_settings(made.config, made.db) == []
    if os.name == "posix":
        assert [stat.S_IMODE(path.stat().st_mode) for path in (made.db, made.config)] == [0o600, 0o600]


def test_other_files_of_a_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "客户表.csv").write_text("客户名称\n甲\n", encoding="utf-8")
    make_workspace(tmp_path, "zh")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crm.db", "crm.toml", "客户表.csv"]


@pytest.mark.parametrize("name", ["crm.toml", "crm.db"])
def test_nothing_that_is_there_is_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(AlreadyThere, match=name):
        make_workspace(tmp_path, "zh")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [(name, "mine")]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CrmError, match="cannot be written"):
        make_workspace(tmp_path / "file" / "w", "zh")


def test_no_half_workspace_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise not_writable(path, "database or disk is full")

    monkeypatch.setattr(setup, "create_database", full)
    with pytest.raises(CrmError, match="disk is full"):
        make_workspace(tmp_path, "zh")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_template_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnknownTemplate, match="fr"):
        make_workspace(tmp_path / "w", "fr")
    assert not (tmp_path / "w").exists()


def test_imported_owners_are_known_to_the_settings(desk: Any) -> None:
    config = desk.workspace.config_path
    config.write_text('[[assign.rule]]\nname = "全部"\nto = "Anna Lee"\n', encoding="utf-8")
    assert [finding.line for finding in check_settings(config, desk.workspace.db.path)] == [3]
    add_record(desk.workspace, "owner", ["name=Anna Lee"])
    assert check_settings(config, desk.workspace.db.path) == []


def test_settings_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoConfigFile):
        check_settings(tmp_path / "crm.toml", tmp_path / "crm.db")
