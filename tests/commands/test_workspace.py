from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("from_scratch")


def test_init_names_what_it_made(bare_crm: Any) -> None:
    made = bare_crm("init", "w", "--json").json
    assert made == {"db": "w/crm.db", "config": "w/crm.toml"}
    assert "初步接触" in (bare_crm.folder / "w" / "crm.toml").read_text(encoding="utf-8")


def test_the_english_template(bare_crm: Any) -> None:
    bare_crm("init", "--template", "en")
    assert "stage" in (bare_crm.folder / "crm.toml").read_text(encoding="utf-8")
    assert bare_crm("config", "check", "--json").json == []


def test_init_refuses_what_is_there_and_what_it_cannot_write(crm: Any) -> None:
    assert crm("init", "--json", code=1).json["error"]["code"] == "init.exists"
    (crm.folder / "file").touch()
    assert crm("init", "file/w", "--json", code=1).json["error"]["code"] == "db.not_writable"
    assert crm("init", "w", "--template", "fr", "--json", code=2).json["error"]["code"] == "config.unknown_template"


def test_config_check_names_lines(crm: Any) -> None:
    (crm.folder / "crm.toml").write_text(
        '[workspace]\nlanguge = "zh"\n\n[[assign.rule]]\nname = "a"\nto = "谁"\n', "utf-8"
    )
    failed = crm("config", "check", "--json", code=1)
    assert [(one["line"], one["severity"]) for one in failed.json] == [(2, "error"), (6, "error")]
    assert "language" in failed.json[0]["message"]
    assert crm("opp", "list", "--json", code=1).json["error"]["where"].endswith("crm.toml:2")


def test_a_warning_does_not_fail(crm: Any) -> None:
    warned = '[[target]]\nowner = "谁"\nperiod = "2026Q4"\namount = 1\n'
    (crm.folder / "crm.toml").write_text(warned, encoding="utf-8")
    assert [one["severity"] for one in crm("config", "check", "--json").json] == ["warning"]


def test_config_show_and_fields(crm: Any) -> None:
    assert crm("config", "show", "--json").json["workspace"]["timezone"] == "Asia/Shanghai"
    fields = crm("fields", "--json").json
    assert {"path", "zh", "en", "type", "synonyms"} <= set(fields[0])
    assert "customer.name" in {field["path"] for field in fields}
    assert "opportunity.amount" in crm("fields").stdout


def test_a_file_that_hides_mistakes_says_so_to_people_only(crm: Any) -> None:
    wrong = "[[pipeline]]\nkey = 1\nstages = [{ name = 'A' }]\n"
    (crm.folder / "crm.toml").write_text(wrong, encoding="utf-8")
    assert crm("config", "check", code=1).stdout.splitlines()[-1] == "more mistakes may show once these are mended"
    assert len(crm("config", "check", "--json", code=1).json) == 1
    (crm.folder / "crm.toml").write_text("[loss]\nreasons = ['a', 'a']\n", encoding="utf-8")
    assert "more mistakes" not in crm("config", "check", code=1).stdout
