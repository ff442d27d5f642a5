"""The command tree and main(): the only place where a failure becomes an exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmcli import __version__
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import LANGUAGES, _, language_of_locale, msg, set_language

if TYPE_CHECKING:
    from crmcli.commands.environment import Environment


class Interrupted(CrmError):
    """The user or the system stopped the command."""

    code = "interrupted"
    exit_code = ExitCode.INTERRUPTED

    def __init__(self) -> None:
        super().__init__(
            msg("interrupted; a run that was not finished leaves nothing"),
            hint=msg("`crmcli runs` lists what was finished"),
        )


def build() -> typer.Typer:
    """Return the whole command tree, its help in the current language."""
    from crmcli.commands import add_all
    from crmcli.commands.environment import ENVIRONMENT
    from crmcli.commands.help_page import in_our_words

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
        lang: Annotated[str, typer.Option(metavar="zh|en", help=_("the language of messages"))] = "",
    ) -> None:
        ENVIRONMENT.lang = lang
        if version:
            typer.echo(__version__)
            raise typer.Exit

    add_all(app)
    return in_our_words(app)


def main(argv: Sequence[str] | None = None, environment: Environment | None = None) -> None:
    """Run a command line and exit with its code; `environment` is what the machine gives (clock, actor).

    Raises:
        SystemExit: always.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    with _stopping_cleanly():
        _prepare_streams()
        _speak_early(arguments)
        try:
            code = _run(arguments, environment)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = int(ExitCode.FAILURE)
    sys.exit(code)


def _run(arguments: list[str], environment: Environment | None) -> int:
    """Return the exit code of a command line."""
    from crmcli.commands.environment import Environment, surrounded
    from crmcli.commands.spelled_out import spelled_out

    line = spelled_out(arguments)
    try:
        with surrounded(environment or Environment(), line):
            return build()(line) or 0
    except CrmError as error:
        _show_failure(error, as_json="--json" in arguments)
        return int(error.exit_code)


def _speak_early(arguments: Sequence[str]) -> None:
    """Choose the language before any help text is made."""
    wanted = os.environ.get("CRMCLI_LANG", "")
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            wanted = arguments[place + 1]
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    set_language(wanted if wanted in LANGUAGES else language_of_locale())


def _prepare_streams() -> None:
    """Write UTF-8 into files and pipes, whatever the machine's code page, and nowhere where a stream is closed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (open until the end)
        elif mode == "w" and isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


@contextmanager
def _stopping_cleanly() -> Iterator[None]:
    """Let signals that end a program end the command like a failure, its run rolled back."""

    def stop(_number: int, _frame: object) -> None:
        raise Interrupted

    names = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _show_failure(error: CrmError, *, as_json: bool) -> None:
    hint = str(error.hint) if error.hint else ""
    if as_json:
        document = {"code": error.code, "message": str(error.message), "where": error.where, "hint": hint}
        sys.stdout.write(json.dumps({"error": document}, ensure_ascii=False) + "\n")
    sys.stderr.write(_("error: {text}").format(text=error) + "\n")
    if hint:
        sys.stderr.write(_("hint: {text}").format(text=hint) + "\n")
