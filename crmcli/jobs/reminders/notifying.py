"""Sending what is due to chat groups and mail: only where crm.toml names an address, and only when it is asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.reminders.digest import groups_of, text_of, title_of
from crmcli.domain.reminders.model import Level
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.jobs.reminders.answers import Answers
from crmcli.jobs.reminders.collect import Reminders
from crmcli.jobs.reminders.dingtalk import sign_once
from crmcli.jobs.workspace import Workspace

if TYPE_CHECKING:
    from apprise import NotifyBase

_VARIABLE = "env:"
_SCHEMA = re.compile(r"^\s*([a-z0-9]{2,20})://", re.IGNORECASE)
_LONGEST = 4_000  # bytes: more nobody reads in a chat
_MARGIN = 8  # bytes that join title and text


class NothingConfigured(CrmError):
    """Reminders are to be sent, and crm.toml names no address."""

    code = "notify.none"
    exit_code = ExitCode.USAGE

    def __init__(self) -> None:
        super().__init__(
            msg("crm.toml names nobody to send it to"),
            hint=msg('write notify = ["env:CRMCLI_WECOM_WEBHOOK"] under [remind], and set that variable'),
        )


class VariableMissing(CrmError):
    """An address is kept in an environment variable that is not set."""

    code = "notify.variable"

    def __init__(self, name: str) -> None:
        super().__init__(
            msg("the variable {name} that [remind] notify names is not set", name=name),
            hint=msg("set it to an address such as wecombot://KEY, dingtalk://TOKEN, feishu://TOKEN or mailto://..."),
        )


class AddressUnusable(CrmError):
    """The notification library knows no such address."""

    code = "notify.address"

    def __init__(self, label: str) -> None:
        super().__init__(
            msg("{label} of [remind] notify is no address that can be sent to", label=label),
            hint=msg("write it like wecombot://KEY, dingtalk://TOKEN, feishu://TOKEN or mailto://USER:PASSWORD@HOST"),
        )


class LibraryMissing(CrmError):
    """The notification library is not installed."""

    code = "notify.library"

    def __init__(self) -> None:
        super().__init__(
            msg("sending needs the notification library, which is not installed"),
            hint=msg('pip install "crmcli[notify]"'),
        )


class NotSent(CrmError):
    """Some messages did not arrive."""

    code = "notify.not_sent"

    def __init__(self, failed: Sequence[Sent]) -> None:
        told = dict.fromkeys(str(msg("{label} ({why})", label=sent.label, why=sent.why)) for sent in failed)
        super().__init__(msg("not sent: {told}", told=list(told)))


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to one address: how many reminders it told of, and why it did not arrive (None: it did).

    `label` names the address without giving it away.
    """

    label: str
    level: Level
    items: int
    why: Message | None = None


@dataclass(frozen=True, slots=True)
class _Service:
    """An address with the library's way to it."""

    label: str
    way: NotifyBase


def send_reminders(workspace: Workspace, reminders: Reminders) -> list[Sent]:
    """Return what was sent and what was not: a message a level to each address; nothing is sent where nothing is due.

    Raises:
        NothingConfigured: crm.toml names no address.
        VariableMissing: the variable that should hold an address is not set.
        AddressUnusable: an address is none.
        LibraryMissing: the notification library is not installed.
    """
    addresses = workspace.settings.remind.notify
    if not addresses:
        raise NothingConfigured
    with _silent_library():
        services = [_service(text, place) for place, text in enumerate(addresses, 1)]
        groups = groups_of(reminders.items, reminders.rules.levels)
        return [
            Sent(service.label, level, len(own), _deliver(service.way, reminders, level))
            for service in services
            for level, own in groups.items()
        ]


def _service(written: str, place: int) -> _Service:
    label, url = _address(written, place)
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError as error:
        raise LibraryMissing from error
    way: Any = Apprise.instantiate(url, asset=AppriseAsset(app_id="crmcli", app_desc="crmcli", app_url=""))
    if way is None:
        raise AddressUnusable(label)
    sign_once(way)
    return _Service(label, way)


def _address(written: str, place: int) -> tuple[str, str]:
    """Return an address as people may read it, and as it is."""
    if not written.startswith(_VARIABLE):
        schema = _SCHEMA.match(written)
        return str(msg("address {place} ({schema})", place=place, schema=schema[1] if schema else "?")), written.strip()
    name = written.removeprefix(_VARIABLE).strip()
    url = os.environ.get(name, "").strip()
    if not url:
        raise VariableMissing(name)
    return written, url


def _deliver(way: NotifyBase, reminders: Reminders, level: Level) -> Message | None:
    """Return why a message did not arrive, None where it did."""
    own = groups_of(reminders.items, reminders.rules.levels)[level]
    title = str(title_of(level, own, reminders.today))
    text = text_of(own, min(way.body_maxlen, _LONGEST) - len(title.encode()) - _MARGIN)
    with Answers(str(way.secure_protocol)) as answers:
        arrived = way.notify(body=text, title=title, body_format="text")
    return answers.why_not(arrived=bool(arrived))


@contextmanager
def _silent_library() -> Iterator[None]:
    """Let the library say nothing: what it logs may hold the keys that addresses consist of."""
    import logging
    import warnings

    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
