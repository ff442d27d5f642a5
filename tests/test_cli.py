from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

PROGRAM = [sys.executable, "-m", "crmcli"]
HEAVY = {"pandas", "numpy", "scipy", "sqlite_utils", "openpyxl", "pydantic", "rapidfuzz", "opencc", "phonenumbers"}


def _environment(**more: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("CRMCLI_")} | {
        "CRMCLI_LANG": "en",
        **more,
    }


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from crmcli.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "import" in ended.stdout
    assert HEAVY & set(ended.stderr.split()) == set()


def test_a_page_of_help_knows_the_options_of_the_command_that_is_typed(bare_crm: Any) -> None:
    assert "--blank-clears" in bare_crm("import", "--help").stdout
    assert "--blank-clears" not in bare_crm("--help").stdout
    assert "--dry-run" in bare_crm("customer", "add", "--help").stdout


def test_the_version_alone_is_printed(bare_crm: Any) -> None:
    from crmcli import __version__

    assert bare_crm("--version").stdout == f"{__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("runs", "--nonsense"),
        ("undo",),
        ("undo", "R1", "R2"),
        ("runs", "--limit", "many"),
        ("runs", "--limit", "-1"),
        ("runs", "--lang", "xx"),
        ("opp", "win", "O1", "--at", "nonsense"),
        ("customer", "list", "--filter", "nonsense"),
        ("customer", "add", "nonsense=1"),
    ],
)
def test_wrong_usage_exits_2_and_says_so_in_json_too(crm: Any, arguments: tuple[str, ...]) -> None:
    crm("opp", "add", "stage=", "name=单一")
    told = crm(*arguments, code=2)
    assert told.stdout == ""
    assert told.stderr.startswith("error: ")
    error = crm(*arguments, "--json", code=2).json["error"]
    assert sorted(error) == ["code", "hint", "message", "where"]
    assert error["code"].startswith("usage")
    assert error["message"]


def test_a_failure_is_one_cause_and_a_hint_on_stderr(bare_crm: Any) -> None:
    told = bare_crm("runs", code=1)
    assert told.stdout == ""
    assert told.stderr.splitlines() == [
        "error: crm.db: there is no database here",
        "hint: make one with `crmcli init`, or name it with --db",
    ]


def test_a_failure_with_json_is_one_document(bare_crm: Any) -> None:
    error = bare_crm("runs", "--json", code=1).json["error"]
    assert error == {
        "code": "db.missing",
        "message": "there is no database here",
        "where": "crm.db",
        "hint": "make one with `crmcli init`, or name it with --db",
    }


@pytest.mark.parametrize("path", ["", ".", "nowhere/crm.db", "crm.toml", os.devnull])
def test_a_path_that_is_no_database_is_named(crm: Any, path: str) -> None:
    error = crm("runs", "--json", "--db", path, code=1).json["error"]
    assert error["code"] in ("db.missing", "db.foreign")


@pytest.mark.parametrize("ref", ["C99", f"C{'9' * 30}", "", " ", "'", "%", "C１", "😀", "\x01", "\udcff", "x" * 5000])
@pytest.mark.parametrize("command", [("customer", "show"), ("history",), ("undo",)])
def test_a_reference_to_nothing_is_a_named_failure(crm: Any, command: tuple[str, ...], ref: str) -> None:
    error = crm(*command, ref, "--json", code=1).json["error"]
    assert error["code"] in ("ref.not_found", "run.unknown", "db.value")


@pytest.mark.parametrize("name", ["😀 {x} %s", "[bold]粗[/bold]", "x'; DROP TABLE run; --", "テスト"])
def test_names_are_data_whatever_they_look_like(crm: Any, name: str) -> None:
    assert crm("customer", "add", f"name={name}", "--json").json["name"] == name
    assert name in crm("customer", "list").stdout
    assert crm("customer", "show", name, "--json").json["id"] == "C1"


@pytest.mark.parametrize("text", ["nonsense", "", "2026-13-45", "99999999", "0001-01-01", "9999-12-31T23:59:59-14:00"])
def test_as_of_takes_real_times_only(crm: Any, text: str) -> None:
    crm("opp", "add", "stage=", "name=单一")
    assert crm("opp", "win", "O1", "--as-of", text, "--json", code=2).json["error"]["code"] == "usage.time"


@pytest.mark.parametrize("text", ["2026-03-05", "20260305", "2026-W10-4"])
def test_as_of_a_day_is_its_end(crm: Any, text: str) -> None:
    crm("opp", "add", "stage=", "name=单一")
    assert (
        crm("opp", "win", "O1", "--force", "--because", "x", "--as-of", text, "--json").json["closed_at"]
        == "2026-03-05T23:59:59+08:00"
    )


def test_a_mistake_in_the_settings_names_its_line(crm: Any) -> None:
    crm.write("crm.toml", "[workspace]", 'language = "en"', "timezoen = 1")
    told = crm("runs", code=1)
    assert "crm.toml" in told.stderr
    assert "3" in told.stderr
    assert "timezoen" in told.stderr


def test_quiet_keeps_notes_off_stderr(crm: Any) -> None:
    crm.write("客户.csv", "客户名称", "甲公司")
    assert crm("import", "客户.csv", "--quiet", "--dry-run").stderr == ""


@pytest.mark.skipif(os.name != "posix", reason="signals and closed streams of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_with_130_and_keeps_nothing(crm: Any, number: signal.Signals) -> None:
    fifo = crm.folder / "客户.csv"
    os.mkfifo(fifo)
    command = [*PROGRAM, "import", str(fifo), "--db", str(crm.db)]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment()
    ) as child:
        writing = _once_read(fifo, child)
        child.send_signal(number)
        try:
            out, err = child.communicate(timeout=20)
        finally:
            child.kill()
            os.close(writing)
    assert (child.returncode, out) == (130, "")
    assert "error: interrupted" in err
    assert "Traceback" not in err
    assert crm("runs", "--json").json == []


def _once_read(fifo: Path, child: subprocess.Popen[str]) -> int:
    """Return the writing end of a pipe, as soon as the child reads it."""
    until = time.monotonic() + 20
    while time.monotonic() < until and child.poll() is None:
        with contextlib.suppress(OSError):
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.01)
    child.kill()
    pytest.fail("the command never read its file")


@pytest.mark.skipif(os.name != "posix", reason="signals and closed streams of POSIX")
@pytest.mark.parametrize("arguments", [["fields"], ["--help"], ["fields", "--json"]])
def test_a_reader_that_has_gone_is_no_traceback(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [*PROGRAM, *arguments], stdout=writer, stderr=subprocess.PIPE, text=True, check=False, env=_environment()
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.skipif(os.name != "posix", reason="signals and closed streams of POSIX")
def test_closed_streams_do_not_hurt() -> None:
    script = f"exec '{sys.executable}' -m crmcli fields <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", script], check=False, env=_environment()).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_stdout_is_a_named_failure() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*PROGRAM, "fields"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=_environment()
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: the result cannot be written")


def test_pipes_get_utf8_whatever_the_code_page() -> None:
    environment = _environment(PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    ended = subprocess.run([*PROGRAM, "fields", "--json"], capture_output=True, check=True, env=environment)
    assert "客户名称" in ended.stdout.decode("utf-8")


def test_a_clock_of_the_test_is_the_clock_of_the_run(crm: Any) -> None:
    crm("customer", "add", "name=甲公司", now="2020-02-29T01:02:03+00:00")
    run = crm("runs", "--json").json[0]
    assert (run["started"], run["actor"]) == ("2020-02-29T09:02:03+08:00", "tester")
    assert time.strftime("%z") == "+0800"


def test_the_language_may_stand_before_the_command(crm: Any) -> None:
    assert "批次" in crm("--lang", "zh", "runs").stdout
    assert "批次" not in crm("--lang", "zh", "runs", "--lang", "en").stdout
    assert "no language xx" in crm("--lang", "xx", "runs", code=2).stderr
