"""A Spark session: the one that spark-submit made, else one on this machine alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crmcli.errors import CrmError
from crmcli.i18n import msg

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
_HERE = "127.0.0.1"
# how Python's bridge to Java begins an error; what Java says follows
_CALLED = "An error occurred while calling"
# set by spark-submit for the script that it runs
_SUBMITTED = "PYSPARK_GATEWAY_PORT"


class SparkMissing(CrmError):
    """The packages for `--engine spark` are not installed."""

    code = "spark.missing"

    def __init__(self, packages: list[str]) -> None:
        super().__init__(
            msg("--engine spark needs packages that are not installed: {packages}", packages=packages),
            hint=msg('install them with: pip install "crmcli[spark]"; without them: --engine local'),
        )


class JavaMissing(CrmError):
    """No Java that Spark runs on."""

    code = "spark.java"

    def __init__(self, found: int | None) -> None:
        known = msg(
            "Spark needs Java {oldest} or later; this machine has Java {found}", oldest=OLDEST_JAVA, found=found
        )
        none = msg("Spark needs Java {oldest} or later; none was found", oldest=OLDEST_JAVA)
        super().__init__(
            none if found is None else known,
            hint=msg("install one and set JAVA_HOME to its folder; without it: --engine local"),
        )


class SparkFailed(CrmError):
    """Spark gave up."""

    code = "spark.failed"

    def __init__(self, error: Exception) -> None:
        told = (line.strip().removeprefix(": ") for line in str(error).splitlines())
        lines = [line for line in told if line and not line.startswith(_CALLED)]
        super().__init__(
            msg("Spark gave up: {why}", why=lines[0] if lines else type(error).__name__),
            hint=msg("its own messages stand above; about memory and settings see docs/spark.md"),
        )


def start_session() -> SparkSession:
    """Return the Spark session, started where there is none.

    Under spark-submit everything is as that was told. Otherwise Spark runs on this machine's cores, reachable from
    this machine only.

    Raises:
        CrmError: pyspark, pyarrow or Java is missing, or Spark does not start.
    """
    _check()
    # pandas is in nothing that is used of Spark here
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("crmcli")
    if _SUBMITTED not in os.environ:
        os.environ.setdefault("SPARK_LOCAL_IP", _HERE)
        local: dict[str, bool | float | int | str | None] = {
            "spark.master": "local[*]",
            "spark.driver.bindAddress": _HERE,
            "spark.driver.host": _HERE,
            "spark.driver.memory": "4g",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        builder = builder.config(map=local)
    try:
        session = builder.getOrCreate()
    except PySparkException as error:
        raise SparkFailed(error) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _check() -> None:
    missing = [package for package in ("pyspark", "pyarrow") if find_spec(package) is None]
    if missing:
        raise SparkMissing(missing)
    if _SUBMITTED not in os.environ:
        found = java_version()
        if found is None or found < OLDEST_JAVA:
            raise JavaMissing(found)


def java_version() -> int | None:
    """Return the major version of the Java that Spark would run on (JAVA_HOME, else on the path); None without one."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")
    if not java:
        return None
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    version = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(version[1]) if version else None
