from __future__ import annotations

import re
from pathlib import Path

import pytest

from crmcli.config import TEMPLATES, check_config, load_settings, template
from crmcli.config.parts import loss_reasons, pipelines
from crmcli.config.template import UnknownTemplate
from crmcli.domain.loss_reasons import DEFAULT_REASONS
from crmcli.domain.pipeline import DEFAULT_PIPELINE
from crmcli.domain.values.stage import DEFAULT_SYNONYMS

EXAMPLE = Path(__file__).parents[3] / "shared" / "design" / "crm.example.toml"
needs_example = pytest.mark.skipif(not EXAMPLE.exists(), reason="the design's crm.example.toml is not here")


@pytest.fixture(params=TEMPLATES)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "crm.toml"
    path.write_text(template(request.param), encoding="utf-8")
    return path


def test_a_template_has_no_mistake_and_its_examples_sleep(written: Path) -> None:
    assert check_config(written) == []
    settings = load_settings(written, [])
    asleep = (
        settings.owner,
        settings.assign.rule,
        settings.grade.rule,
        settings.target,
        settings.source,
        settings.preset,
    )
    assert not any(asleep)


def test_a_template_with_its_examples_awake_has_no_mistake_either(written: Path) -> None:
    awake = re.sub(r"^# (?=\[|\"|[a-z_]+ = )", "", written.read_text(encoding="utf-8"), flags=re.MULTILINE)
    written.write_text(awake, encoding="utf-8")
    assert check_config(written) == []
    settings = load_settings(written, [])
    assert len(settings.assign.rule) == 4
    assert all((settings.owner, settings.grade.rule, settings.target, settings.source, settings.preset))


def test_the_chinese_template_is_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "crm.toml"
    path.write_text(template(), encoding="utf-8")
    assert load_settings(path) == load_settings(None)
    assert pipelines(load_settings(path)) == (DEFAULT_PIPELINE,)


def test_both_templates_map_the_same_written_stages_to_the_same_ranks(written: Path) -> None:
    (pipeline,) = pipelines(load_settings(written))
    texts = [text for name, synonyms in DEFAULT_SYNONYMS.items() for text in (name, *synonyms)]
    for text in texts:
        mine, usual = pipeline.place(text), DEFAULT_PIPELINE.place(text)
        assert (text, mine.kind, mine.rank) == (text, usual.kind, usual.rank)


def test_chinese_loss_reasons_are_understood_by_both_templates(written: Path) -> None:
    reasons = loss_reasons(load_settings(written))
    assert [reasons.match(text) for text in DEFAULT_REASONS] == list(reasons.reasons)


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(UnknownTemplate, match="there is no template fr; there are zh, en"):
        template("fr")


@needs_example
def test_the_designs_example_is_read_but_for_two_people_it_does_not_name() -> None:
    owners = [{"name": "赵磊"}, {"name": "陈静"}]
    assert check_config(EXAMPLE, owners) == []
    assert [finding.line for finding in check_config(EXAMPLE)] == [63, 63]
