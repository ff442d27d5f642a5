from __future__ import annotations

from typing import Any


def test_settings_that_are_as_they_were_change_nothing(crm: Any) -> None:
    assert "nothing to change" in crm("config", "apply", "--dry-run").stdout
    shown = crm("config", "apply", "--json").json
    assert [shown[key] for key in ("pipelines", "renamed", "placed", "probabilities", "unknown")] == [[]] * 5


def test_what_would_change_is_shown_first(crm: Any) -> None:
    crm("opp", "add", "name=年框", "stage=初步接触")
    found = crm("config", "apply", "--dry-run", "--probabilities", "--json").json
    assert (found["run"], found["dry_run"], found["probabilities"]) == (None, True, [])
