"""Questions at a terminal about columns whose meaning is not sure."""

from __future__ import annotations

import io
import os
import select
import sys
from collections.abc import Callable
from typing import Any

import pytest

ROWS = (
    "客户名称,备用,其他",
    "甲公司,13800000001,\x1b[31mred",
    "乙公司,13900000002,y",
    "丙公司,13700000003,z",
)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what makes the next command line believe that a person types these lines."""

    def sit(*lines: str) -> None:
        monkeypatch.delenv("CI", raising=False)
        monkeypatch.setattr(sys, "stdin", _Terminal("".join(f"{line}\n" for line in lines)))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    return sit


def _phones(crm: Any) -> list[list[str]]:
    return [customer["phones"] for customer in crm("customer", "list", "--json").json]


def test_enter_accepts_and_the_options_repeat_it(crm: Any, terminal: Callable[..., None]) -> None:
    crm.write("a.csv", *ROWS)
    terminal("")
    shown = crm("import", "a.csv").stderr
    assert "备用: 13800000001, 13900000002, 13700000003\n  → Phone (contact.phones): 100 % of" in shown
    assert shown.endswith("the same without questions: --map '备用=contact.phones'\n")
    assert crm("runs", "--json").json[0]["command"] == "crmcli import a.csv --map '备用=contact.phones'"
    again = crm("import", "a.csv", "--map", "备用=contact.phones")
    assert again.stderr == ""
    assert _phones(crm) == [["+8613800000001"], ["+8613900000002"], ["+8613700000003"]]


def test_a_column_can_be_kept_as_extra(crm: Any, terminal: Callable[..., None]) -> None:
    crm.write("a.csv", *ROWS)
    terminal("-")
    assert "--map '备用='\n" in crm("import", "a.csv").stderr
    assert crm("customer", "list", "--json").json[0]["extra"]["备用"] == "13800000001"
    assert _phones(crm) == [[], [], []]


def test_another_field_is_said_by_a_heading_after_a_slip_and_a_look(crm: Any, terminal: Callable[..., None]) -> None:
    crm.write("a.csv", *ROWS)
    terminal("nonsense", "?", "客户编号")
    shown = crm("import", "a.csv").stderr
    assert "no field is called nonsense" in shown
    assert "customer: id, external_id, name" in shown
    assert "→ Customer ID (customer.external_id)" in shown
    assert crm("customer", "show", "13800000001", "--json").json["name"] == "甲公司"


def test_a_sheet_without_a_name_comes_in_when_somebody_says_which_it_is(
    crm: Any, terminal: Callable[..., None]
) -> None:
    crm.write("a.csv", "甲,乙", "张三行,\x1b[31m1", "李四行,2")
    terminal("customer.name", "")
    shown = crm("import", "a.csv", "--header-row", "1").stderr
    assert "\x1b" not in shown
    assert [customer["name"] for customer in crm("customer", "list", "--json").json] == ["张三行", "李四行"]


@pytest.mark.parametrize("option", ["--yes", "--quiet", "--json", None])
def test_who_does_not_want_to_be_asked_is_not(
    crm: Any, terminal: Callable[..., None], monkeypatch: pytest.MonkeyPatch, option: str | None
) -> None:
    crm.write("a.csv", *ROWS)
    terminal("-")
    if option is None:
        monkeypatch.setenv("CI", "true")
    assert crm("import", "a.csv", *filter(None, [option])).stderr == ""
    assert all(_phones(crm))


def test_without_a_terminal_nothing_is_asked(crm: Any) -> None:
    crm.write("a.csv", *ROWS)
    result = crm("import", "a.csv")
    assert result.stderr == ""
    assert "备用 is read as contact.phones" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_real_terminal(crm: Any) -> None:
    import pty

    crm.write("a.csv", *ROWS)
    child, terminal = pty.fork()
    if child == 0:
        command = [sys.executable, "-m", "crmcli", "import", "a.csv", "--db", str(crm.db)]
        os.execve(sys.executable, command, {key: text for key, text in os.environ.items() if key != "CI"})  # noqa: S606
    seen, answered = b"", False
    while select.select([terminal], [], [], 60)[0]:
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # Linux says so where the other end is closed
            break
        if not answered and seen.endswith("备用: ".encode()):
            answered = os.write(terminal, b"\n") == 1
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert "--map '备用=contact.phones'" in seen.decode()
    assert all(_phones(crm))
