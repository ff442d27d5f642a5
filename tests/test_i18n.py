"""Messages: put into words when read, in the language of that moment."""

import pytest

from crmcli.errors import CrmError
from crmcli.i18n import enumerated, language_of_locale, msg, set_language


def test_a_message_is_translated_when_it_is_read() -> None:
    message = msg("there is no run {run}", run="R9")
    assert str(message) == "there is no run R9"
    set_language("zh")
    assert str(message) == "没有批次 R9"


def test_a_list_in_a_message_is_written_as_the_language_writes_it() -> None:
    message = msg("say why it was lost: {reasons}", reasons=("价格", "竞品"))
    assert str(message) == "say why it was lost: 价格, 竞品"
    set_language("zh")
    assert str(message) == "请写明丢单原因：价格、竞品"
    assert enumerated(range(3)) == "0、1、2"


def test_a_failure_names_its_place_first() -> None:
    set_language("zh")
    assert str(CrmError(msg("the file is empty"), where="a.csv")) == "a.csv：文件是空的"
    assert str(CrmError(msg("the file is empty"))) == "文件是空的"


@pytest.mark.parametrize(("locale", "language"), [("zh_CN.UTF-8", "zh"), ("en_US.UTF-8", "en"), ("C", "en")])
def test_the_locale_chooses_the_language(monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert language_of_locale() == language


def test_a_language_nobody_translated_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        set_language("fr")
