"""The settings that figures depend on, as an output of a report keeps them to be made again with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from crmcli.config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.main import IncEx

_NOT_OF_FIGURES: Mapping[str, IncEx | bool] = {
    "preset": True, "messages": True, "merge": True, "daily": True, "grade": True,
    "source": True, "remind": {"notify"},
}  # fmt: skip
"""What an output does not carry about: how files are read, records merged and who is written to."""


def kept_settings(settings: Settings) -> str:
    """Return the settings that figures depend on as a JSON object, defaults left out."""
    found = settings.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=_NOT_OF_FIGURES)
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def settings_from(kept: str) -> Settings | None:
    """Return the settings that `kept_settings` wrote; None where there are none, or none that hold any more."""
    try:
        return Settings.model_validate_json(kept)
    except ValidationError:
        return None
