import os
import stat
from pathlib import Path

import pytest

from crmcli.jobs.dedupe import spark_session
from crmcli.jobs.dedupe.spark_session import JavaMissing, SparkFailed, SparkMissing, java_version, start_session


def test_a_missing_package_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda name: None if name == "pyspark" else object())
    with pytest.raises(SparkMissing) as raised:
        start_session()
    assert "pyspark" in str(raised.value)
    assert 'pip install "crmcli[spark]"' in str(raised.value.hint)


@pytest.mark.parametrize(("told", "version"), [('openjdk version "17.0.15"', 17), ('java version "1.8.0_202"', 8)])
def test_the_version_of_java_is_read(told: str, version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _java(tmp_path, told, monkeypatch)
    assert java_version() == version


def test_java_that_is_too_old_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _java(tmp_path, 'java version "1.8.0_202"', monkeypatch)
    monkeypatch.setattr(spark_session, "find_spec", lambda _name: object())
    with pytest.raises(JavaMissing, match="Java 17 or later; this machine has Java 8"):
        start_session()


def test_no_java_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(spark_session, "find_spec", lambda _name: object())
    with pytest.raises(JavaMissing, match="none was found"):
        start_session()


def test_why_spark_gave_up_is_its_first_line() -> None:
    failed = SparkFailed(RuntimeError("An error occurred while calling o1.x.\n: Job aborted\n\tat org.apache.spark"))
    assert str(failed).startswith("Spark gave up: Job aborted")
    assert "org.apache" not in str(failed)


def _java(folder: Path, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a Java that tells `told` of itself where JAVA_HOME points."""
    if os.name == "nt":
        pytest.skip("needs a shell script as Java")
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{told}' >&2\n", encoding="utf-8")
    java.chmod(java.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("JAVA_HOME", str(folder))
