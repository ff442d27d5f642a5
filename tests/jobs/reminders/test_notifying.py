from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from threading import Thread
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.domain.assignment.model import Owner
from crmcli.domain.reminders.escalation import Escalation, in_order
from crmcli.domain.reminders.model import Finding, Rules
from crmcli.i18n import msg
from crmcli.jobs.reminders.collect import Reminders
from crmcli.jobs.reminders.notifying import (
    AddressUnusable,
    LibraryMissing,
    NothingConfigured,
    NotSent,
    Sent,
    VariableMissing,
    send_reminders,
)
from crmcli.jobs.workspace import Workspace

KEY = "0a1b2c3d-secret-key-4e5f"
TODAY = date(2026, 6, 30)
PHONE = "13800008000"


class Receiver:
    """A web server on this machine that keeps what is posted to it and answers what it is told to."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.status, self.answer = 200, {"errcode": 0, "errmsg": "ok"}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name http.server asks for
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posted.append((self.path, json.loads(body)))
                self.send_response(receiver.status)
                self.end_headers()
                self.wfile.write(json.dumps(receiver.answer).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    pytest.importorskip("apprise", reason="needs the notification library: crmcli[notify]")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def office(desk: Any) -> Callable[..., Workspace]:
    """Return the desk's workspace with these addresses."""

    def make(*addresses: str) -> Workspace:
        workspace: Workspace = desk.workspace
        assert workspace.config_path is not None
        workspace.config_path.write_text(f"[remind]\nnotify = {json.dumps(addresses)}\n", encoding="utf-8")
        return replace(workspace, settings=load_settings(workspace.config_path))

    return make


def due(*days: int, name: str = f"回电{PHONE}") -> Reminders:
    """Return reminders that are so many days overdue."""
    escalation = Escalation((Owner("张伟", manager="陈静"),), TODAY, (3, 5, 7))
    found = [
        Finding("action", "opportunity", number, name, "甲公司", "张伟", TODAY - timedelta(days=n), msg("next step"))
        for number, n in enumerate(days, 1)
    ]
    as_of = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
    return Reminders(as_of, in_order(map(escalation.reminder, found)), Rules())


Office = Callable[..., Workspace]


def test_a_message_a_level_arrives_masked(receiver: Receiver, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_HOOK", f"json://{receiver.place}/{KEY}")
    sent = send_reminders(office("env:OUR_HOOK"), due(0, 6, 9, 9))
    assert sent == [
        Sent("env:OUR_HOOK", "owner", 1),
        Sent("env:OUR_HOOK", "manager", 1),
        Sent("env:OUR_HOOK", "risk", 2),
    ]
    assert [path for path, _ in receiver.posted] == [f"/{KEY}"] * 3
    assert [said["title"] for _, said in receiver.posted] == [
        "Due on 2026-06-30: 1",
        "For managers, due for some days on 2026-06-30: 1",
        "Risk list on 2026-06-30: 2",
    ]
    assert receiver.posted[0][1]["message"] == "张伟: 1\n· 甲公司, 回电138****8000: next step [today]"
    assert PHONE not in str(receiver.posted)


@pytest.mark.parametrize(("schema", "name"), [("wecombot", "WeComBot"), ("feishu", "Feishu"), ("dingtalk", "DingTalk")])
def test_bots_get_what_their_limit_takes_and_their_refusal_is_named(
    receiver: Receiver, office: Office, monkeypatch: pytest.MonkeyPatch, schema: str, name: str
) -> None:
    token = "{key}" if schema == "wecombot" else "{token}"
    bot = getattr(import_module(f"apprise.plugins.{schema}"), f"Notify{name}")
    monkeypatch.setattr(bot, "notify_url", f"http://{receiver.place}/send?key={token}")
    workspace = office(f"{schema}://{KEY.replace('-', '')}")
    many = due(*[8] * 200, name="很长的商机名称")
    assert [one.why for one in send_reminders(workspace, many)] == [None]
    said = receiver.posted[0][1]
    text = said["content"]["text"] if schema == "feishu" else said["text"]["content"]
    assert "张伟: 200" in text
    assert len(text.encode()) <= bot.body_maxlen
    receiver.answer = {"errcode": 93000, "errmsg": f"invalid webhook {KEY}"}
    (refused,) = send_reminders(workspace, many)
    assert str(refused.why) == "the service refuses it with code 93000"


def test_what_does_not_arrive_is_named_and_no_key_is_told(
    receiver: Receiver, office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.status = 403
    with_key = f"json://{receiver.place}/{KEY}"
    closed = f"json://127.0.0.1:1/{KEY}"
    sent = send_reminders(office(with_key, closed), due(0))
    assert [str(one.why) for one in sent] == ["the service answers HTTP 403", "no connection"]
    told = str(NotSent(sent))
    assert told == "not sent: address 1 (json) (the service answers HTTP 403), address 2 (json) (no connection)"
    assert KEY not in told + caplog.text + "".join(capfd.readouterr())


def test_nothing_is_sent_where_nothing_presses(receiver: Receiver, office: Office) -> None:
    workspace = office(f"json://{receiver.place}/")
    assert send_reminders(workspace, due()) == []
    assert send_reminders(workspace, due(1, 2)) == []
    assert receiver.posted == []


def test_without_an_address_or_its_variable_nothing_is_sent(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NothingConfigured):
        send_reminders(office(), due(0))
    monkeypatch.delenv("OUR_HOOK", raising=False)
    with pytest.raises(VariableMissing, match="OUR_HOOK"):
        send_reminders(office("env:OUR_HOOK"), due(0))


def test_an_address_that_is_none_is_named_without_being_told(receiver: Receiver, office: Office) -> None:
    with pytest.raises(AddressUnusable) as failed:
        send_reminders(office(f"json://{receiver.place}/", f"nothing://{KEY}"), due(0))
    assert str(failed.value) == "address 2 (nothing) of [remind] notify is no address that can be sent to"
    assert receiver.posted == []


def test_without_the_library_the_extra_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    with pytest.raises(LibraryMissing) as failed:
        send_reminders(office("json://127.0.0.1/"), due(0))
    assert str(failed.value.hint) == 'pip install "crmcli[notify]"'
