"""The help pages and the complaints about a command line, in the current language.

Typer writes its own headings in English only, and its tables cut a Chinese line short for want of spaces.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from crmcli.commands.environment import ENVIRONMENT
from crmcli.commands.typer_words import in_words
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, _, msg

if TYPE_CHECKING:
    from rich.console import RenderableType

Row = tuple[str, str]


class WrongUsage(CrmError):
    """The command line cannot be understood."""

    code = "usage"
    exit_code = ExitCode.USAGE

    def __init__(self, reason: Message, command: str, hint: Message | None = None) -> None:
        super().__init__(reason, hint=hint or msg("`{command} --help` says what it takes", command=command))


class Declined(CrmError):
    """A person answered a question with no, or closed the terminal."""

    code = "declined"

    def __init__(self) -> None:
        super().__init__(msg("stopped; nothing was done"))


class Command(TyperCommand):
    """A command whose help page is in the current language."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        return _page(self, ctx)


class Group(TyperGroup):
    """A group of commands whose help page and complaints are in the current language."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        return _page(self, ctx)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Return the exit code of a command line (None: 0).

        Raises:
            WrongUsage: the command line cannot be understood.
            Declined: a person answered a question with no.
        """
        try:
            return super().main(*args, **extra | {"prog_name": self.name, "standalone_mode": False})
        except typer.Abort as error:
            raise Declined from error
        except typer.TyperException as error:
            if type(error).__name__ == "NoArgsIsHelpError":
                typer.echo(error.message)
                return int(ExitCode.USAGE)
            context = getattr(error, "ctx", None)
            path = context.command_path if context else str(self.name)
            hint = _as_fields(context) if context and type(error).__name__ == "NoSuchOption" else None
            raise WrongUsage(in_words(error.format_message()), path, hint) from error


def _as_fields(context: Any) -> Message | None:
    """Return the command line with its unknown options as FIELD=VALUE, None for a command that takes no fields."""
    if not any(param.name == "values" for param in context.command.params):
        return None
    known = {name for param in context.command.params for name in param.opts}
    line: list[str] = []
    left = list(ENVIRONMENT.argv or ())
    while left:
        name, equals, value = left.pop(0).partition("=")
        if not name.startswith("--") or name in known:
            line.append(name + equals + value)
            continue
        value = value if equals or not left else left.pop(0)
        line.append(f"{name.removeprefix('--').replace('-', '_')}={value}")
    return msg("fields are written without dashes: {command}", command=shlex.join(["crmcli", *line]))


def in_our_words(app: typer.Typer) -> typer.Typer:
    """Return the tree with help pages and complaints in the current language."""
    app.info.cls = Group
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance:
            in_our_words(group.typer_instance)
    return app


def _page(command: TyperCommand | TyperGroup, ctx: Any) -> str:
    """Return a help page as wide as the terminal."""
    from rich.console import Console

    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    arguments = [param for param in params if isinstance(param, TyperArgument)]
    options = [param for param in params if isinstance(param, TyperOption)]
    parts: list[RenderableType] = [_usage(command, ctx.command_path, arguments), "", command.help or ""]
    parts += _section(_("Arguments"), [(_placeholder(param), _about(param)) for param in arguments])
    for title, group in _by_panel(options).items():
        parts += _section(title, [(_written(param, ctx), _about(param)) for param in group])
    if isinstance(command, TyperGroup):
        parts += _section(_("Commands"), _commands(command, ctx))
    console = Console(highlight=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part, markup=False)
    return "\n".join(line.rstrip() for line in capture.get().rstrip().splitlines())


def _usage(command: TyperCommand | TyperGroup, path: str, arguments: Iterable[TyperArgument]) -> str:
    pieces = [_("[OPTIONS]"), *map(_placeholder, arguments)]
    if isinstance(command, TyperGroup):
        pieces.append(_("COMMAND ..."))
    return _("Usage: {line}").format(line=" ".join([path, *pieces]))


def _placeholder(param: TyperArgument) -> str:
    name = (param.metavar or param.name or "").strip("[]").upper() + ("..." if param.nargs != 1 else "")
    return name if param.required else f"[{name}]"


def _by_panel(options: Sequence[TyperOption]) -> dict[str, list[TyperOption]]:
    """Return the options by the heading they stand under, `--help` at the very end."""
    panels: dict[str, list[TyperOption]] = {}
    title = _("Options")
    for option in options:
        title = title if option.name == "help" else option.rich_help_panel or _("Options")
        panels.setdefault(title, []).append(option)
    return panels


def _written(option: TyperOption, ctx: Any) -> str:
    """Return how an option is written: `-q, --quiet`, `--sheet TEXT`."""
    names = ", ".join(sorted(option.opts, key=len))
    if option.secondary_opts:
        names += " / " + ", ".join(option.secondary_opts)
    return names if option.is_flag else f"{names} {_value(option, ctx)}"


def _value(option: TyperOption, ctx: Any) -> str:
    words = {"str": _("TEXT"), "int": _("NUMBER"), "int range": _("NUMBER"), "float": _("NUMBER"), "path": _("PATH")}
    shown = option.metavar or (option.display_type_rich(ctx) or "").strip("<>")
    shown = shown.removeprefix("list[").removesuffix("]")
    return words.get(shown, shown)


def _about(param: TyperArgument | TyperOption) -> str:
    """Return what a parameter is for, whether it must be given, and what holds when it is not."""
    about = param.help or ""
    if param.name == "help" and not param.expose_value:
        return _("show this page")
    if param.required:
        about += _(" (required)")
    flag = isinstance(param, TyperOption) and param.is_flag
    default = " ".join(param.default) if isinstance(param.default, list) else param.default
    if not flag and isinstance(default, str | int) and default not in ("", None):
        about += _(" (default: {value})").format(value=default)
    if param.envvar:
        about += _(" (or variable {name})").format(name=param.envvar)
    return about


def _commands(group: TyperGroup, ctx: Any) -> list[Row]:
    found = [(name, group.get_command(ctx, name)) for name in group.list_commands(ctx)]
    return [(name, command.help or "") for name, command in found if command and not command.hidden]


def _section(title: str, rows: Sequence[Row]) -> list[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return []
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True, style="bold cyan")
    table.add_column(overflow="fold", ratio=1)
    for name, about in rows:
        table.add_row(Text("  " + name), Text(about, overflow="fold"))
    return ["", Text(title, style="bold"), table]
