"""The reports' names and one line on each, apart from what computes them, so that `--help` stays quick."""

from __future__ import annotations

from crmcli.i18n import Message, msg

REPORT_NAMES: dict[str, Message] = {
    "funnel": msg("How far opportunities of a cohort came, stage by stage."),
    "winrate": msg("Won among the decided, with and without void."),
    "loss": msg("Why opportunities were lost: the Pareto of reasons."),
    "pipeline": msg("Open opportunities by present stage."),
    "weekly": msg("The manager's workbook: all of these with week over week."),
}
