from __future__ import annotations

from crmcli.config.kept import kept_settings, settings_from
from crmcli.config.settings import Settings

TOML = {
    "workspace": {"name": "华东", "min_n": 3},
    "owner": [{"name": "张伟", "team": "一队", "max_open": 20}],
    "target": [{"owner": "张伟", "period": "2026Q1", "amount": "120000.50"}],
    "remind": {"notify": ["tgram://secret"], "max_plan_days": 20},
}


def test_settings_come_back_as_they_were_but_for_whom_to_notify() -> None:
    settings = Settings.model_validate(TOML)
    kept = kept_settings(settings)
    assert "secret" not in kept
    back = settings_from(kept)
    assert back is not None
    assert (back.workspace, back.owner, back.target) == (settings.workspace, settings.owner, settings.target)
    assert (back.pipeline, back.remind.max_plan_days, back.remind.notify) == (settings.pipeline, 20, ())


def test_what_is_not_kept_or_holds_no_more_is_no_settings() -> None:
    assert settings_from("") is None
    assert settings_from('{"gone": 1}') is None
