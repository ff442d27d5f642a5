"""Help pages and wrong command lines, as a person meets them."""

import json
import re
import unicodedata

import pytest

from crmcli.cli import main

_TYPERS_ENGLISH = re.compile(r"Usage|OPTIONS|Options|Arguments|Commands|default|required|env var|Show this|Try |Error")


def _run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(argv)
    shown = capsys.readouterr()
    return int(end.value.code or 0), shown.out, shown.err


@pytest.mark.parametrize("path", [(), ("import",), ("report",), ("report", "funnel"), ("opp", "lose")])
def test_a_chinese_page_has_no_english_heading(capsys: pytest.CaptureFixture[str], path: tuple[str, ...]) -> None:
    code, page, _ = _run(capsys, "--lang", "zh", *path, "--help")
    assert code == 0
    assert page.startswith(f"用法：{' '.join(('crmcli', *path))} [选项]")
    assert _TYPERS_ENGLISH.findall(page) == []


def test_a_chinese_page_says_all_of_a_long_line_within_the_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    page = _run(capsys, "--lang", "zh", "import", "--help")[1]
    lines = page.splitlines()
    assert max(sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) for line in lines) <= 60
    assert "…" not in page.replace("……", "")
    assert "（必填）" in page
    assert "（默认fill）" in re.sub(r"\s", "", page)


def test_an_english_page_has_the_options_of_every_command_apart(capsys: pytest.CaptureFixture[str]) -> None:
    page = _run(capsys, "--lang", "en", "undo", "--help")[1]
    usage, *_, last = page.splitlines()
    assert usage == "Usage: crmcli undo [OPTIONS] RUN"
    assert page.index("\nArguments\n") < page.index("\nOptions of every command\n") < page.index("--dry-run")
    assert last.split() == ["--help", "show", "this", "page"]


def test_a_wrong_option_is_one_line_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "--lang", "zh", "import", "--nonsense")
    assert (code, out) == (2, "")
    assert err == "错误：没有 --nonsense 这个选项\n提示：运行 `crmcli import --help` 查看用法\n"


def test_with_json_a_wrong_command_line_is_a_failure_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "--lang", "en", "import", "--json")
    assert code == 2
    assert json.loads(out)["error"] == {
        "code": "usage",
        "message": "Missing argument files.",
        "where": "",
        "hint": "`crmcli import --help` says what it takes",
    }


def test_a_group_without_a_command_shows_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "--lang", "zh", "opp")
    assert (code, err) == (2, "")
    assert "\n命令\n" in out
