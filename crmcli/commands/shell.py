"""What every command shares: options, the workspace, and how results and failures are shown."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmcli.commands.asked import Asked, asked_options
from crmcli.commands.environment import ENVIRONMENT
from crmcli.commands.moments import parse_moment
from crmcli.commands.reading import Reading, reading_options
from crmcli.commands.written import rehearsal_lines
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import LANGUAGES, _, language_of_locale, msg, set_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, RenderableType

    from crmcli.config import Settings
    from crmcli.jobs.workspace import Workspace

_PAGE = 160  # characters a line where no terminal says how wide it is


class OutputLost(CrmError):
    """The result cannot be written to stdout."""

    code = "output.lost"

    def __init__(self, reason: str) -> None:
        super().__init__(msg("the result cannot be written ({reason})", reason=reason))


class UnknownLanguage(CrmError):
    """A language that no catalogue has."""

    code = "usage.language"
    exit_code = ExitCode.USAGE

    def __init__(self, text: str) -> None:
        super().__init__(msg("there is no language {text}; there are {known}", text=text, known=LANGUAGES))


@dataclass(frozen=True)
class Shell:
    """One command's shared options and its way to the workspace, stdout (the result) and stderr (the rest)."""

    db: Path | None
    config: Path | None
    lang: str | None
    json: bool
    quiet: bool
    yes: bool
    dry_run: bool = False
    as_of: str | None = None

    @property
    def db_path(self) -> Path:
        """Return the database's path: --db, CRMCLI_DB, else crm.db here or in a parent folder."""
        if self.db is not None:
            return self.db
        here = Path.cwd()
        return next(
            (folder / "crm.db" for folder in (here, *here.parents) if (folder / "crm.db").exists()), Path("crm.db")
        )

    @property
    def config_path(self) -> Path:
        """Return the settings' path: --config, CRMCLI_CONFIG, else crm.toml beside the database."""
        return self.config or self.db_path.parent / "crm.toml"

    def settings(self) -> Settings:
        """Return the settings; the defaults where there is no file.

        Raises:
            CrmError: the file cannot be used; it names the line.
        """
        from crmcli.config import Settings, load_settings

        return (
            load_settings(self.config_path) if self.config or self.config_path.exists() else Settings.model_validate({})
        )

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        """Yield the open workspace.

        Raises:
            CrmError: no database, an unusable one, or unusable settings.
        """
        import shlex
        from zoneinfo import ZoneInfo

        from crmcli.jobs.workspace import Workspace
        from crmcli.store.database import open_database

        settings = self.settings()
        self.speak(settings.workspace.language if self.config_path.exists() else None)
        with open_database(self.db_path) as db:
            command = _as_text(shlex.join(["crmcli", *(ENVIRONMENT.argv or ())]))
            clock = self.clock(ZoneInfo(settings.workspace.timezone))
            config = self.config_path if self.config_path.exists() else None
            yield Workspace(db, settings, clock, ENVIRONMENT.actor or _user(), command, config)

    def speak(self, configured: str | None) -> None:
        """Use --lang, else CRMCLI_LANG, else crm.toml's language, else the locale's.

        Raises:
            UnknownLanguage: the language asked for is neither zh nor en.
        """
        wanted = self.lang or ENVIRONMENT.lang or os.environ.get("CRMCLI_LANG") or configured or language_of_locale()
        if wanted not in LANGUAGES:
            raise UnknownLanguage(wanted)
        set_language(wanted)

    def clock(self, zone: tzinfo) -> Callable[[], datetime]:
        """Return the clock; `--as-of` stops it."""
        if self.as_of is None:
            return ENVIRONMENT.clock
        moment = parse_moment(self.as_of, zone)
        return lambda: moment

    def show(self, document: Any, *renderables: RenderableType) -> None:
        """Write the result: one JSON document, piece by piece as it may be long, or what people read.

        Raises:
            OutputLost: stdout takes no more, a full disk say; a reader that has gone is the caller's to notice.
        """
        try:
            if self.json:
                sys.stdout.writelines(json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(document))
                sys.stdout.write("\n")
            elif renderables:
                console = self.console()
                for renderable in (*rehearsal_lines(dry_run=self.dry_run), *renderables):
                    console.print(renderable, markup=False)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputLost(error.strerror or str(error)) from error

    def console(self) -> Console:
        """Return stdout for what people read."""
        from rich.console import Console

        return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PAGE)

    def as_json(self) -> Shell:
        """Return the same shell with JSON as its output."""
        return replace(self, json=True)

    def note(self, text: object) -> None:
        """Write something to stderr, unless --quiet."""
        if not self.quiet:
            sys.stderr.write(f"{text}\n")

    @property
    def may_ask(self) -> bool:
        """Return whether somebody may be asked: a person at a terminal who wants to read, and no --yes."""
        is_plain = not (self.yes or self.quiet or self.json or os.environ.get("CI"))
        return is_plain and sys.stdin.isatty() and sys.stdout.isatty()

    def confirm(self, question: str) -> bool:
        """Return whether to go on: --yes, or a person's word on a terminal; without a terminal nothing is asked."""
        return self.yes or not sys.stdin.isatty() or typer.confirm(question, err=True)


def _as_text(text: str) -> str:
    """Return a text that can be stored: bytes of a file name that are no UTF-8 are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"


def _shared(*, writes: bool, timed: bool) -> dict[str, Any]:
    option = partial(typer.Option, rich_help_panel=_("Options of every command"))
    options: dict[str, Any] = {
        "db": Annotated[Path | None, option("--db", envvar="CRMCLI_DB", help=_("the database (default: crm.db)"))],
        "config": Annotated[
            Path | None, option("--config", envvar="CRMCLI_CONFIG", help=_("the settings (default: crm.toml)"))
        ],
        "lang": Annotated[str | None, option("--lang", metavar="zh|en", help=_("the language of messages"))],
        "json": Annotated[bool, option("--json", help=_("print the result as one JSON document"))],
        "quiet": Annotated[bool, option("--quiet", "-q", help=_("no notes, no progress"))],
        "yes": Annotated[bool, option("--yes", "-y", help=_("never ask"))],
    }
    if writes:
        options["dry_run"] = Annotated[bool, option("--dry-run", help=_("do everything, then take it back"))]
    if timed:
        options["as_of"] = Annotated[
            str | None, option("--as-of", metavar=_("TIME"), help=_("act as if it were this day or time"))
        ]
    return options


def _unnamed() -> None:
    """Stand in lists of commands for one whose name was not typed: making options takes time."""


_FILLED = ("shell", "reading", "asked")
"""Parameters of a command's function that no option of its own fills."""
_FALSE = {"json", "quiet", "yes", "dry_run"}


def command(
    app: typer.Typer,
    name: str,
    about: str,
    *,
    writes: bool = False,
    timed: bool = False,
    reads: Sequence[str] = (),
    asks: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that makes a function `f(shell, ...)` a command with the shared options.

    `reads` names options about reading (reading.py); the function takes what was typed as `reading`. `asks` adds those
    of the report of that name (asked.py), taken as `asked`.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        if ENVIRONMENT.argv is not None and name not in ENVIRONMENT.argv:
            app.command(name, help=about)(_unnamed)
            return function
        shared = _shared(writes=writes, timed=timed)
        hints = inspect.get_annotations(function, eval_str=True)

        @wraps(function)
        def run(**given: Any) -> None:
            shell = Shell(**{key: given.pop(key) for key in shared})
            shell.speak(None)
            if reads:
                given["reading"] = Reading({key: given.pop(key) for key in reads})
            if asks:
                given["asked"] = Asked(name, {one.name: given.pop(one.name) for one in asked_options(name)})
            function(shell, **given)

        own = [p for p in inspect.signature(function).parameters.values() if p.name not in _FILLED]
        added = [
            inspect.Parameter(
                key, inspect.Parameter.KEYWORD_ONLY, default=False if key in _FALSE else None, annotation=annotation
            )
            for key, annotation in shared.items()
        ]
        own = [p.replace(annotation=hints[p.name], kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        own += [*reading_options(reads), *(asked_options(name) if asks else ())]
        run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in (*own, *added)} | {"return": None}
        del run.__wrapped__
        app.command(name, help=about)(run)
        return function

    return decorate


def group(about: str) -> typer.Typer:
    """Return an empty command group."""
    return typer.Typer(help=about, no_args_is_help=True, add_completion=False)


def finish(code: ExitCode) -> None:
    """End the command with an exit code other than 0."""
    raise typer.Exit(int(code))
