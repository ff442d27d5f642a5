"""docs/commands.md, written from the commands' own `--help`: `python tools/command_pages.py`; a test checks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
_SHARED = ("db", "config", "lang", "json", "quiet", "yes", "dry_run", "as_of")
_HEAD = """# Commands

Written by `make docs` from `--help`; do not edit.

Every command takes `--db PATH` (or `CRMCLI_DB`; else `crm.db` here or in a parent folder), `--config PATH`
(or `CRMCLI_CONFIG`; else `crm.toml` beside the database), `--lang zh|en` (or `CRMCLI_LANG`), `--json`, `--quiet`
and `--yes`. Commands that write also take `--dry-run`: everything is done and taken back, and what is printed is
what would happen. Commands that look at the clock take `--as-of`.

Exit codes: 0 done · 1 failed · 2 wrong usage · 3 done, but rows need attention · 130 interrupted.
"""


def page() -> str:
    """Return the text of docs/commands.md, in English."""
    from typer.main import get_command

    from crmcli.cli import build
    from crmcli.i18n import set_language

    set_language("en")
    return _HEAD + "".join(_sections(get_command(build()), "crmcli"))


def _sections(command: Any, path: str) -> Iterator[str]:
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from _sections(child, f"{path} {name}")
        return
    yield f"\n## {path}\n\n{command.help}\n\n```\n{_usage(command, path)}\n```\n"
    rows = [_row(parameter) for parameter in command.params if parameter.name not in (*_SHARED, "help")]
    if rows:
        yield "\n| | |\n|---|---|\n" + "".join(rows)
    marks = [f"`--{name.replace('_', '-')}`" for name in ("dry_run", "as_of") if _takes(command, name)]
    if marks:
        yield f"\nAlso takes {' and '.join(marks)}.\n"


def _usage(command: Any, path: str) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    shown = [(p.metavar or p.name.upper()) + ("..." if p.nargs == -1 else "") for p in arguments]
    return " ".join([path, "[OPTIONS]", *shown])


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"| `{parameter.metavar or parameter.name.upper()}` | {parameter.help or ''} |\n"
    names = ", ".join(parameter.opts)
    value = "" if parameter.is_flag else f" {parameter.metavar or 'TEXT'}"
    shown = f"{names}{value}".replace("|", "\\|")
    return f"| `{shown}` | {parameter.help or ''} |\n"


def _takes(command: Any, name: str) -> bool:
    return any(parameter.name == name for parameter in command.params)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
