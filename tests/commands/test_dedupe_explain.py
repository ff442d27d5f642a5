from __future__ import annotations

from crmcli.commands.dedupe_explain import bar


def test_a_bar_rises_full_and_falls_shaded() -> None:
    assert bar(0, 100) == "█" * 25
    assert bar(100, 60).strip() == "░" * 10
    assert bar(60, 100).index("█") == 15


def test_a_bar_has_one_width_and_shows_even_a_small_step() -> None:
    for before, after in ((99.9, 100.0), (0.0, 0.1), (50.0, 50.0)):
        assert len(bar(before, after)) == 25
        assert bar(before, after).strip()
