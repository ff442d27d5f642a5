"""The command tree and main(): the only place where a failure becomes an exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from crmcli import __version__
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import LANGUAGES, _, language_of_locale, msg, set_language


class Interrupted(CrmError):
    """The user or the system stopped the command."""

    code = "interrupted"
    exit_code = ExitCode.INTERRUPTED

    def __init__(self) -> None:
        super().__init__(msg("interrupted; nothing of this command was kept"))


def build() -> typer.Typer:
    """Return the whole command tree, its help in the current language."""
    from crmcli.commands import add_all

    app = typer.Typer(
        name="crmcli",
        help=_("A CRM on the command line: import spreadsheets, find duplicates, assign owners, report."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback(invoke_without_command=True)
    def root(
        *,
        version: Annotated[bool, typer.Option("--version", help=_("print the version"))] = False,
        lang: Annotated[str, typer.Option(metavar="zh|en", help=_("the language of messages"))] = "",  # noqa: ARG001
    ) -> None:
        if version:
            typer.echo(__version__)
            raise typer.Exit

    add_all(app)
    return app


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command line and exit with its code.

    Raises:
        SystemExit: always.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_early(arguments)
    _stop_cleanly()
    from crmcli.commands.shell import ENVIRONMENT

    ENVIRONMENT.argv = arguments
    try:
        build()(arguments)
    except CrmError as error:
        _show_failure(error, as_json="--json" in arguments)
        sys.exit(int(error.exit_code))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(int(ExitCode.FAILURE))


def _speak_early(arguments: Sequence[str]) -> None:
    """Choose the language before any help text is made."""
    wanted = os.environ.get("CRMCLI_LANG", "")
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            wanted = arguments[place + 1]
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    set_language(wanted if wanted in LANGUAGES else language_of_locale())


def _stop_cleanly() -> None:
    def stop(_number: int, _frame: object) -> None:
        raise Interrupted

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def _show_failure(error: CrmError, *, as_json: bool) -> None:
    hint = str(error.hint) if error.hint else ""
    if as_json:
        document = {"code": error.code, "message": str(error.message), "where": error.where, "hint": hint}
        sys.stdout.write(json.dumps({"error": document}, ensure_ascii=False) + "\n")
    sys.stderr.write(_("error: {text}").format(text=error) + "\n")
    if hint:
        sys.stderr.write(_("hint: {text}").format(text=hint) + "\n")
