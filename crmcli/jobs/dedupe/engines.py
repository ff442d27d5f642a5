"""Where records are compared other than in this process: the names that `--engine` takes beside `local`."""

from __future__ import annotations

from types import MappingProxyType

from crmcli.jobs.dedupe.spark import compare_on_spark

ELSEWHERE = MappingProxyType({"spark": compare_on_spark})
