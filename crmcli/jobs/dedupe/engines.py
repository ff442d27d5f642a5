"""Where records are compared."""

from __future__ import annotations

from types import MappingProxyType

from crmcli.jobs.dedupe.spark import compare_on_spark
from crmcli.matching.find import compare_here

ENGINES = MappingProxyType({"local": compare_here, "spark": compare_on_spark})
