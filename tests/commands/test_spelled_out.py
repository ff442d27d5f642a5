from __future__ import annotations

import pytest

from crmcli.commands.spelled_out import spelled_out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("attach O7 a.pdf", "attach add O7 a.pdf"),
        ("attach O7 list", "attach add O7 list"),
        ("attach --json O7 a.pdf", "attach add --json O7 a.pdf"),
        ("--lang zh attach O7 a.pdf --kind 合同", "--lang zh attach add O7 a.pdf --kind 合同"),
        ("attach list O7", "attach list O7"),
        ("attach verify", "attach verify"),
        ("attach", "attach"),
        ("attach --help", "attach --help"),
        ("log O7 attach", "log O7 attach"),
        ("lookup attach O7", "lookup attach O7"),
        ("", ""),
    ],
)
def test_only_a_file_without_a_word_gets_one(typed: str, meant: str) -> None:
    assert spelled_out(typed.split()) == meant.split()
