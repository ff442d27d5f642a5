"""Reminders by mail, against a mail server on this machine."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.domain.assignment.model import Owner
from crmcli.domain.reminders.escalation import Escalation, in_order
from crmcli.domain.reminders.model import Finding, Rules
from crmcli.i18n import msg
from crmcli.jobs.reminders.collect import Reminders
from crmcli.jobs.reminders.notifying import Sent, send_reminders
from crmcli.jobs.workspace import Workspace

TODAY = date(2026, 6, 30)
PASSWORD = "s3cret-of-mail"  # noqa: S105 (made up)


class MailServer:
    """A mail server that keeps what it is handed; it takes one password, and no mail for `nobody@`."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, bytes]] = []  # from, to, text
        server = self

        class Handler(StreamRequestHandler):
            def say(self, line: str) -> None:
                self.wfile.write(line.encode() + b"\r\n")

            def handle(self) -> None:
                self.say("220 mail.example.cn")
                envelope: dict[str, str] = {}
                while line := self.rfile.readline().decode().strip():
                    word = line.split()[0].upper()
                    if word == "EHLO":
                        self.wfile.write(b"250-mail.example.cn\r\n250 AUTH PLAIN\r\n")
                    elif word == "AUTH":
                        right = base64.b64decode(line.split()[2]).endswith(b"\0" + PASSWORD.encode())
                        self.say("235 welcome" if right else "535 authentication failed")
                    elif word in ("MAIL", "RCPT"):
                        envelope[word] = line.partition("<")[2].partition(">")[0]
                        self.say("550 no such mailbox" if envelope[word].startswith("nobody@") else "250 ok")
                    elif word == "DATA":
                        self.say("354 go on")
                        text = b"".join(iter(self.rfile.readline, b".\r\n"))
                        server.mails.append((envelope["MAIL"], envelope["RCPT"], text))
                        self.say("250 taken")
                    elif word == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 ok")

        self.server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def server() -> Iterator[MailServer]:
    pytest.importorskip("apprise", reason="needs the notification library: crmcli[notify]")
    made = MailServer()
    yield made
    made.close()


def send(desk: Any, address: str) -> list[Sent]:
    """Send two reminders of today to an address."""
    workspace: Workspace = desk.workspace
    assert workspace.config_path is not None
    workspace.config_path.write_text(f"[remind]\nnotify = {json.dumps([address])}\n", encoding="utf-8")
    workspace = replace(workspace, settings=load_settings(workspace.config_path))
    escalation = Escalation((Owner("张伟", manager="陈静"),), TODAY, (3, 5, 7))
    found = [
        Finding("action", "opportunity", number, name, "甲公司", "张伟", TODAY - timedelta(days=0), msg("next step"))
        for number, name in enumerate(("电梯 <二期>", "回电13800008000"), 1)
    ]
    as_of = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
    return send_reminders(workspace, Reminders(as_of, in_order(map(escalation.reminder, found)), Rules()))


def address(server: MailServer, *, password: str = PASSWORD, to: str = "boss@example.cn") -> str:
    """Return the address of somebody's mail at the server, as crm.toml has it."""
    return f"mailto://crm:{password}@127.0.0.1:{server.port}?from=crm@example.cn&to={to}"


def test_a_mail_arrives_whole_masked_and_line_by_line(server: MailServer, desk: Any) -> None:
    assert send(desk, address(server)) == [Sent("address 1 (mailto)", "owner", 2)]
    ((sender, receiver, raw),) = server.mails
    assert (sender, receiver) == ("crm@example.cn", "boss@example.cn")
    mail = message_from_bytes(raw)
    assert str(make_header(decode_header(mail["Subject"]))) == "Due on 2026-06-30: 2"
    (text,) = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    body = text.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().splitlines() == [
        "张伟: 2",
        "· 甲公司, 电梯 <二期>: next step [today]",
        "· 甲公司, 回电138****8000: next step [today]",
    ]


@pytest.mark.parametrize(
    ("wrong", "code"), [({"password": "another"}, 535), ({"to": "nobody@example.cn"}, 550)], ids=["password", "mailbox"]
)
def test_a_refused_mail_is_named_by_its_code(server: MailServer, desk: Any, wrong: dict[str, str], code: int) -> None:
    (sent,) = send(desk, address(server, **wrong))
    assert str(sent.why) == f"the mail server refuses it with code {code}"
    assert server.mails == []


def test_without_a_mail_server_there_is_no_connection(server: MailServer, desk: Any) -> None:
    closed = address(server).replace(str(server.port), "1")
    (sent,) = send(desk, closed)
    assert str(sent.why) == "no connection"
