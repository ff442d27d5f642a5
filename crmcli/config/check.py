"""crm.toml -> settings that can be used, or every mistake by its line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crmcli.config.findings import ConfigError, ConfigFinding, Finding
from crmcli.config.names import CHECKS, STAFF_CHECKS
from crmcli.config.parts import owners
from crmcli.config.schema import read_settings
from crmcli.config.settings import Settings
from crmcli.config.toml_file import read_toml
from crmcli.config.toml_lines import line_of

Records = Sequence[Mapping[str, Any]]


def load_settings(path: Path | None, stored: Records | None = None) -> Settings:
    """Return the settings of a file; of None, the defaults.

    With the database's owner records as `stored`, rules and the fallback must name somebody who exists too.

    Raises:
        NoConfigFile: the file cannot be read.
        ConfigError: the file cannot be used; names file, line and what is wrong.
    """
    if path is None:
        return Settings.model_validate({})
    settings, findings = _examine(path, stored)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors or settings is None:
        raise ConfigError(str(path), errors)
    return settings


def check_config(path: Path, stored: Records = ()) -> list[ConfigFinding]:
    """Return every mistake in a file by line, errors and warnings; `stored` are the database's owner records.

    Raises:
        NoConfigFile: the file cannot be read.
    """
    return _examine(path, stored)[1]


def hides_mistakes(path: Path) -> bool:
    """Return whether a file is so wrong that what its names mean could not be checked.

    Raises:
        NoConfigFile: the file cannot be read.
    """
    return _examine(path, None)[0] is None


def _examine(path: Path, stored: Records | None) -> tuple[Settings | None, list[ConfigFinding]]:
    toml = read_toml(path)
    if isinstance(toml, ConfigFinding):
        return None, [toml]
    settings, findings = read_settings(toml.data)
    if settings is not None:
        misspelt_in = {found.at[:-1] for found in findings}  # what such a table seems to lack is only misspelt
        findings += [found for found in _consistency(settings, stored) if found.at not in misspelt_in]
    placed = [ConfigFinding(line_of(toml.lines, found.at), found.severity, found.message) for found in findings]
    return settings, sorted(placed, key=lambda finding: finding.line)


def _consistency(settings: Settings, stored: Records | None) -> list[Finding]:
    found = [finding for check in CHECKS for finding in check(settings)]
    if stored is not None:
        staff = owners(settings, stored)
        found += [finding for check in STAFF_CHECKS for finding in check(settings, staff)]
    return found


def config_hash(settings: Settings) -> str:
    """Return a sha256 that is equal for equal settings, however they were written."""
    canonical = json.dumps(settings.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
