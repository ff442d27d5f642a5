"""A person at a real terminal: a pseudo-terminal of its own, keys in, screens out."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmcli.store.database import open_database
from crmcli.store.records import fetch_where

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this platform")
termios = pytest.importorskip("termios", reason="no pseudo-terminals on this platform")
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PATIENCE = 30.0


class Terminal:
    """`crmcli dedupe review` in a terminal of 120 columns."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.screen, end = pty.openpty()
        words = [sys.executable, "-m", "crmcli", "dedupe", "review", *options]
        surroundings = os.environ | {"TERM": "xterm", "COLUMNS": "120", "LINES": "40", "CRMCLI_LANG": "en"}
        surroundings.pop("CI", None)
        self.child = subprocess.Popen(words, cwd=folder, stdin=end, stdout=end, stderr=end, env=surroundings)
        os.close(end)
        self.seen = ""

    def wait_for(self, text: str) -> str:
        """Return what came on the screen up to a text, which must come; what follows waits for the next look."""
        until = time.monotonic() + _PATIENCE
        while text not in self.seen and time.monotonic() < until:
            ready, _, _ = select.select([self.screen], [], [], 0.2)
            if ready:
                try:
                    self.seen += _CODES.sub("", os.read(self.screen, 65536).decode("utf-8", "replace"))
                except OSError:  # the other end is closed
                    break
        assert text in self.seen
        before, _, self.seen = self.seen.partition(text)
        return before + text

    def press(self, key: str) -> None:
        """Press one key, once the program waits for one: what was typed before is thrown away."""
        until = time.monotonic() + _PATIENCE
        while termios.tcgetattr(self.screen)[3] & termios.ICANON and time.monotonic() < until:
            time.sleep(0.02)
        os.write(self.screen, key.encode())

    def end(self) -> int:
        """Return the exit code."""
        return self.child.wait(_PATIENCE)

    def close(self) -> None:
        """End the program, if it is still there."""
        self.child.kill()
        self.child.wait()
        os.close(self.screen)


@pytest.fixture
def doubtful(crm: Any) -> Any:
    """Return the command line with three pairs that wait for a person."""
    for city in ("上海", "北京", "广州"):
        for form in ("有限公司", "集团有限公司"):
            crm("customer", "add", f"name={city}鼎信贸易{form}")
    assert crm("dedupe", "run", "--json").json["review"] == 3
    return crm


@pytest.fixture
def terminal(doubtful: Any) -> Iterator[Terminal]:
    """Return a terminal at which the pairs are asked."""
    opened = Terminal(doubtful.folder)
    yield opened
    opened.close()


def _decisions(path: Path) -> list[str | None]:
    with open_database(path) as db:
        return [pair["decision"] for pair in fetch_where(db, "pair", "tier = 'review'")]


def test_a_person_decides_takes_back_and_stops(doubtful: Any, terminal: Terminal) -> None:
    first = terminal.wait_for("q quit")
    assert "1 of 3, 0 decided" in first
    assert "≠" in first
    assert "only one is called a group" in first
    terminal.press("s")
    terminal.wait_for("2 of 3, 1 decided")
    terminal.wait_for("q quit")
    terminal.press("x")
    terminal.wait_for("2 of 3, 1 decided")
    terminal.wait_for("q quit")
    terminal.press("z")
    assert "taken back" in terminal.wait_for("q quit")
    terminal.press("D")
    terminal.wait_for("2 of 3, 1 decided")
    terminal.wait_for("q quit")
    terminal.press("r")
    terminal.wait_for("3 of 3, 2 decided")
    terminal.wait_for("q quit")
    terminal.press("q")
    told = terminal.wait_for("take one back with")
    assert terminal.end() == 0
    assert "2 decided: 0 same, 1 different, 1 related, 0 unsure" in told
    assert "1 pairs are left" in told
    assert sorted(map(str, _decisions(doubtful.db))) == ["None", "different", "related"]
    kinds = [run["kind"] for run in doubtful("runs", "--json").json][:4]
    assert kinds == ["decide", "decide", "undo", "decide"]


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_decided(doubtful: Any, terminal: Terminal) -> None:
    terminal.wait_for("q quit")
    terminal.press("u")
    terminal.wait_for("q quit")
    terminal.press("\x03")
    terminal.wait_for("1 decided")
    assert terminal.end() == 0
    assert sorted(map(str, _decisions(doubtful.db))) == ["None", "None", "unsure"]
