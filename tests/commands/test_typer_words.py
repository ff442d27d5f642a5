"""Typer's complaints in words of ours."""

import pytest

from crmcli.commands.typer_words import in_words
from crmcli.i18n import set_language


@pytest.fixture(autouse=True)
def _chinese() -> None:
    set_language("zh")


@pytest.mark.parametrize(
    ("sentence", "chinese"),
    [
        ("Missing argument 'files'.", "缺少参数 files"),
        ("No such command 'impor'. Did you mean 'import'?", "没有 impor 这个命令，是不是 import？"),
        ("No such option: --shet (Possible options: --sheet)", "没有 --shet 这个选项，是不是 --sheet？"),
        (
            "Invalid value for '--limit': Input should be a valid integer, unable to parse string as an integer",
            "--limit 的值不对：应写整数",
        ),
        ("Invalid value for '--x': {odd} text", "--x 的值不对：{odd} text"),
    ],
)
def test_a_known_sentence_is_said_in_chinese(sentence: str, chinese: str) -> None:
    assert str(in_words(sentence)) == chinese


def test_a_sentence_nobody_knows_stays_as_it_is() -> None:
    assert str(in_words("Something else.")) == "Something else."


def test_english_stays_english() -> None:
    set_language("en")
    assert str(in_words("Missing option '--reason'.")) == "Missing option --reason."
