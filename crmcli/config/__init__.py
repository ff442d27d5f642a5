"""crm.toml: how a company sells, as typed, frozen settings.

Importing this costs pydantic's start-up time: commands do it inside the functions that need it.
"""

from __future__ import annotations

from crmcli.config.check import check_config, config_hash, load_settings
from crmcli.config.findings import ConfigError, ConfigFinding
from crmcli.config.settings import Settings
from crmcli.config.template import TEMPLATES, template

__all__ = [
    "TEMPLATES",
    "ConfigError",
    "ConfigFinding",
    "Settings",
    "check_config",
    "config_hash",
    "load_settings",
    "template",
]
