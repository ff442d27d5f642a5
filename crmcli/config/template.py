"""The crm.toml that `init` writes."""

from __future__ import annotations

from importlib.resources import files

from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg

TEMPLATES = ("zh", "en")


class UnknownTemplate(CrmError):
    """`init --template` names a template that does not exist."""

    code = "config.unknown_template"
    exit_code = ExitCode.USAGE

    def __init__(self, name: str) -> None:
        super().__init__(msg("there is no template {name}; there are {names}", name=name, names=TEMPLATES))


def template(name: str = "zh") -> str:
    """Return the text of a template: comments, and the example's values, in Chinese or in English.

    Raises:
        UnknownTemplate: no template has that name.
    """
    if name not in TEMPLATES:
        raise UnknownTemplate(name)
    return (files("crmcli") / "templates" / f"{name}.toml").read_text(encoding="utf-8")
