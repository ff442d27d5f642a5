"""Definitions that several reports share."""

from __future__ import annotations

from crmcli.i18n import msg
from crmcli.reports.model import Definition

DAYS = Definition(msg("Days"), msg(
    "Whole days between the two local dates where either is known to the day only (an as-of day is one), else rounded "
    "to one decimal."))  # fmt: skip
NO_HISTORY = Definition(msg("Before the recorded history"), msg(
    "A stage or an end that was only read off a present row gives way to the recorded changes that led to it, also at "
    "an as-of time before them: until the first of them the opportunity is open and its stage is not known."
))  # fmt: skip
