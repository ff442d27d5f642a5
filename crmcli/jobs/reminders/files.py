"""Reminders as files for people: a workbook or a calendar, by the name's ending."""

from __future__ import annotations

from pathlib import Path

from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg
from crmcli.jobs.reminders.collect import Reminders
from crmcli.jobs.workspace import Workspace

ENDINGS = (".xlsx", ".ics")


class UnknownEnding(CrmError):
    """A file of reminders is neither a workbook nor a calendar."""

    code = "remind.file"
    exit_code = ExitCode.USAGE

    def __init__(self, path: Path) -> None:
        super().__init__(msg("write it to a file that ends with {endings}", endings=ENDINGS), where=str(path))


def check_ending(path: Path) -> None:
    """Let a path pass that reminders can be written to.

    Raises:
        UnknownEnding: it ends with neither .xlsx nor .ics.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UnknownEnding(path)


def write_file(workspace: Workspace, reminders: Reminders, path: Path) -> None:
    """Write the reminders as a workbook (.xlsx) or a calendar (.ics), whole or not at all.

    Raises:
        UnknownEnding: the path is of neither.
        FileNotWritten: the file cannot be written.
    """
    check_ending(path)
    if path.suffix.lower() == ".ics":
        from crmcli.reports.calendar_file import write_calendar

        write_calendar(path, reminders.items, reminders.as_of, workspace.settings.workspace.name)
        return
    from crmcli.reports.excel.reminders import write_reminders

    write_reminders(path, reminders.items, reminders.as_of)
