"""Commands killed at any moment: the file is as before or as after, and running again gives what was to be."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from crmcli.jobs.setup import make_workspace
from crmcli.store.copies import integrity
from crmcli.store.database import open_database

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

Dump = Callable[[Path], list[str]]
# imports everything once, then forks a child for every command line that stdin gives: a second a kill is saved.
# A tiny page cache makes SQLite write into the file long before the commit, as a large import does.
FORKS = """
import json, os, sys
from datetime import datetime
from functools import partial
import numpy, pandas, rapidfuzz, scipy.sparse, sqlite_utils
import crmcli.jobs.dedupe.run, crmcli.jobs.importing.plan as plan
import crmcli.jobs.journal.undo, crmcli.store.database as database
from crmcli.cli import main
from crmcli.commands.environment import Environment
from crmcli.importers.readers.child import read_sheets

plan.read_file = lambda path, options: read_sheets(str(path), options)
connect = database._connect
def with_a_tiny_cache(path):
    connection = connect(path)
    connection.execute("PRAGMA cache_size = 8")
    return connection
database._connect = with_a_tiny_cache
clock = partial(datetime.fromisoformat, "2026-06-30T09:00:00+08:00")
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        out = os.open(os.devnull, os.O_WRONLY)
        os.dup2(out, 1)
        try:
            main(json.loads(line), Environment(clock=clock, actor="tester"))
        except SystemExit as end:
            os._exit(int(end.code or 0))
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Command:
    """A command line to kill: the workspace it starts from, and the dumps before and after it."""

    folder: Path
    arguments: tuple[str, ...]
    before: list[str]
    after: list[str]
    seconds: float
    seconds_of_writing: float


class Forks:
    """Runs command lines in forked children, and kills them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def _tell(self, folder: Path, arguments: tuple[str, ...]) -> int:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([*arguments, "--db", str(folder / "crm.db"), "--json"]) + "\n")
        self._process.stdin.flush()
        return self._number()

    def _number(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())

    def run(self, folder: Path, arguments: tuple[str, ...]) -> tuple[float, float]:
        """Return how long a command took, and how long of it it wrote; it must end by itself."""
        start, journal = time.perf_counter(), folder / "crm.db-journal"
        pid = self._tell(folder, arguments)
        while not journal.exists() and _lives(pid):
            time.sleep(0.0002)
        writing = time.perf_counter()
        assert self._number() in (0, 3)
        end = time.perf_counter()
        return end - start, end - writing

    def kill(self, folder: Path, arguments: tuple[str, ...], seconds: float, *, of_writing: bool) -> int:
        """Return the exit code of a command that is killed so many seconds after its start or its first write."""
        pid, journal = self._tell(folder, arguments), folder / "crm.db-journal"
        while of_writing and not journal.exists() and _lives(pid):
            time.sleep(0.0002)
        time.sleep(seconds)
        if _lives(pid):
            os.kill(pid, signal.SIGKILL)
        return self._number()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Return what runs and kills commands."""
    environment = {**os.environ, "CRMCLI_LANG": "en", "TZ": "Asia/Shanghai"}
    command = [sys.executable, "-c", FORKS]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield Forks(process)


def _files(folder: Path) -> tuple[str, str]:
    """Write a sheet of customers, every third a duplicate, and one of deals."""
    dice = random.Random(7)
    names = [
        f"{place}{a}{b}科技有限公司" for place in ("上海", "北京", "杭州") for a in "鼎华信远" for b in "丰泰安康宁博"
    ]
    customers = ["客户编号,客户名称,手机,地址"]
    for number in range(150):
        name, phone = names[number % len(names)], f"139{number % 100:08}"
        written = name.replace("有限公司", "（有限公司）") if number >= len(names) else name
        customers.append(f"K{number},{written},{phone},{name[:2]}市中山路{number}号")
    deals = ["商机编号,商机名称,客户名称,阶段,金额,负责人"]
    for number in range(150):
        stage = dice.choice(["初步接触", "需求确认", "方案报价", "赢单", "输单"])
        deals.append(f"D{number},项目{number},{dice.choice(names)},{stage},{dice.randint(1, 90)}万,张伟")
    for name, lines in (("客户.csv", customers), ("商机.csv", deals)):
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return str(folder / "客户.csv"), str(folder / "商机.csv")


@pytest.fixture(scope="module")
def commands(forks: Forks, dump: Dump, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Command]:
    """Return the commands that are killed, measured uninterrupted."""
    folder = tmp_path_factory.mktemp("crash")
    importing = ("import", *_files(folder))
    make_workspace(folder / "empty", "zh")
    shutil.copytree(folder / "empty", folder / "full")
    forks.run(folder / "full", importing)
    wanted = {
        "import": (folder / "empty", importing),
        "undo": (folder / "full", ("undo", "R1")),
        "merge": (folder / "full", ("dedupe", "run")),
    }
    return {name: _measured(forks, dump, *what) for name, what in wanted.items()}


def _measured(forks: Forks, dump: Dump, folder: Path, arguments: tuple[str, ...]) -> Command:
    copy = folder.with_name(f"measured-{arguments[0]}")
    shutil.copytree(folder, copy)
    before = dump(copy / "crm.db")
    seconds, writing = forks.run(copy, arguments)
    after = dump(copy / "crm.db")
    assert before != after
    return Command(folder, arguments, before, after, seconds, writing)


def _kill_and_run_again(forks: Forks, dump: Dump, command: Command, folder: Path, seed: int) -> bool:
    """Return whether the kill came before the end; whatever it left, running again gives the uninterrupted result."""
    dice, of_writing = random.Random(seed), seed % 2 == 0
    shutil.copytree(command.folder, folder)
    length = command.seconds_of_writing if of_writing else command.seconds
    code = forks.kill(folder, command.arguments, dice.uniform(0, length), of_writing=of_writing)
    with open_database(folder / "crm.db") as db:
        assert integrity(db) == []
        assert db.values("SELECT id FROM run WHERE status = 'running'") == []
    assert dump(folder / "crm.db") in (command.before, command.after)
    forks.run(folder, command.arguments)
    assert dump(folder / "crm.db") == command.after
    return code == -signal.SIGKILL


@pytest.mark.parametrize(("name", "kills"), [("import", 3), ("undo", 2), ("merge", 2)])
def test_a_killed_command_leaves_all_or_nothing(
    forks: Forks, dump: Dump, commands: dict[str, Command], tmp_path: Path, name: str, kills: int
) -> None:
    attempt = partial(_kill_and_run_again, forks, dump, commands[name])
    died = [attempt(tmp_path / str(seed), seed) for seed in range(kills)]
    assert any(died)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kills"), [("import", 80), ("undo", 60), ("merge", 60)])
def test_commands_killed_often_leave_all_or_nothing(
    forks: Forks, dump: Dump, commands: dict[str, Command], tmp_path: Path, name: str, kills: int
) -> None:
    attempt = partial(_kill_and_run_again, forks, dump, commands[name])
    died = [attempt(tmp_path / str(seed), seed) for seed in range(100, 100 + kills)]
    assert sum(died) > kills // 4
