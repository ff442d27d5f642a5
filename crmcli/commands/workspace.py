"""`init`, `config`, `fields`: setting up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmcli.commands.config_apply import add_apply
from crmcli.commands.shell import Shell, command, finish, group
from crmcli.domain.words import word
from crmcli.errors import ExitCode
from crmcli.i18n import _, current_language, enumerated


def add(app: typer.Typer) -> None:
    """Add the commands that set a workspace up."""

    @command(app, "init", _("Make a workspace: crm.db and a commented crm.toml."))
    def init(
        shell: Shell,
        folder: Annotated[Path, typer.Argument(metavar="[DIR]", help=_("where; made if it is not there"))] = Path(),
        template: Annotated[str, typer.Option(metavar="zh|en", help=_("the language of crm.toml"))] = "zh",
    ) -> None:
        from crmcli.jobs.setup import make_workspace

        made = make_workspace(folder, template)
        document = {"db": str(made.db), "config": str(made.config)}
        lines = [_("made {path}").format(path=path) for path in document.values()]
        shell.show(document, *lines, _("next: crmcli import FILE..."))

    add_apply(_add_config(app))

    @command(app, "fields", _("List every field: key, label, type and the headers that mean it."))
    def fields(shell: Shell) -> None:
        from rich.table import Table

        from crmcli.domain.fields import catalogue

        language = current_language()
        table = Table()
        for title in (_("field"), _("label"), _("type"), _("headers")):
            table.add_column(title, overflow="fold")
        for field in catalogue().values():
            table.add_row(field.path, field.label(language), field.type, enumerated(field.synonyms))
        keys = ("path", "zh", "en", "type", "synonyms")
        shell.show([{key: getattr(field, key) for key in keys} for field in catalogue().values()], table)


def _add_config(app: typer.Typer) -> typer.Typer:
    config = group(_("The settings in crm.toml."))
    app.add_typer(config, name="config")

    @command(config, "check", _("Check crm.toml: every mistake with its line."))
    def check(shell: Shell) -> None:
        from crmcli.config.check import hides_mistakes
        from crmcli.jobs.setup import check_settings

        findings = check_settings(shell.config_path, shell.db_path)
        document = [{"line": f.line, "severity": f.severity, "message": str(f.message)} for f in findings]
        lines = [
            _("{path}:{line}: {severity}: {message}").format(
                path=shell.config_path, line=f.line, severity=word(f.severity), message=f.message
            )
            for f in findings
        ]
        if findings and hides_mistakes(shell.config_path):
            lines.append(_("more mistakes may show once these are mended"))
        shell.show(document, *(lines or [_("{path}: no mistakes").format(path=shell.config_path)]))
        if any(f.severity == "error" for f in findings):
            finish(ExitCode.FAILURE)

    @command(config, "show", _("Show the settings in force, defaults included."))
    def show(shell: Shell) -> None:
        import json

        settings = shell.settings().model_dump(mode="json", by_alias=True)
        shell.show(settings, json.dumps(settings, ensure_ascii=False, indent=2))

    return config
