from __future__ import annotations

import pytest

from crmcli.domain.loss_reasons import LossReasons

REASONS = LossReasons(synonyms={"价格": ("太贵", "价格高")})


@pytest.mark.parametrize(
    ("text", "reason"), [("价格", "价格"), ("太 贵", "价格"), ("價格高", "价格"), ("老板不喜欢", None), ("", None)]
)
def test_a_text_means_a_reason_or_nothing(text: str, reason: str | None) -> None:
    assert REASONS.match(text) == reason


@pytest.mark.parametrize("text", [None, "", "无", "N/A"])
def test_a_required_reason_is_asked_for(text: str | None) -> None:
    assert str(REASONS.check(text)).startswith("say why it was lost: 价格, 竞品")
    assert LossReasons(required=False).check(text) is None


def test_a_reason_off_the_list_is_refused_even_where_none_is_required() -> None:
    assert str(LossReasons(required=False).check("心情")).startswith("心情 is no loss reason")
    assert REASONS.check("太贵") is None
