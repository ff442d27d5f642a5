"""A robot of DingTalk with a secret, against a receiver that checks the signature as DingTalk does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crmcli.jobs.reminders.answers import Answers
from crmcli.jobs.reminders.dingtalk import sign_once

SECRET = "SEC0f1e2d3c4b5a69788796a5b4c3d2e1f0"  # noqa: S105 (made up)
TOKEN = "5a6b7c8d"  # noqa: S105 (made up)
_HOUR_MS = 3_600_000

# what the notification library imports
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Robot:
    """A robot that takes what is signed with its secret and answers 310000 to anything else, both with HTTP 200."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name http.server asks for
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = robot.answer_to(parse_qs(urlsplit(self.path).query), json.loads(body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/robot/send?access_token={{token}}"
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def answer_to(self, asked: dict[str, list[str]], said: dict[str, Any]) -> dict[str, Any]:
        if asked["access_token"] != [TOKEN]:
            return {"errcode": 300001, "errmsg": "token is not exist"}
        (at,) = asked.get("timestamp", ["0"])
        if abs(time.time() * 1000 - int(at)) > _HOUR_MS:
            return {"errcode": 310000, "errmsg": "invalid timestamp"}
        wanted = hmac.digest(SECRET.encode(), f"{at}\n{SECRET}".encode(), hashlib.sha256)
        if asked["sign"] != [base64.b64encode(wanted).decode()]:
            return {"errcode": 310000, "errmsg": "sign not match"}
        self.taken.append(said)
        return {"errcode": 0, "errmsg": "ok"}

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Robot]:
    pytest.importorskip("apprise", reason="needs the notification library: crmcli[notify]")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = Robot()
    from apprise.plugins.dingtalk import NotifyDingTalk

    monkeypatch.setattr(NotifyDingTalk, "notify_url", made.address)
    yield made
    made.close()


def tell(address: str) -> str:
    """Return why a message did not arrive, "" where it did."""
    from apprise import Apprise

    way: Any = Apprise.instantiate(address)
    sign_once(way)
    with Answers(way.secure_protocol) as answers:
        arrived = way.notify(body="张伟: 1", title="到期")
    why = answers.why_not(arrived=arrived)
    return "" if why is None else str(why)


def test_a_signed_message_arrives(robot: Robot) -> None:
    assert tell(f"dingtalk://{SECRET}@{TOKEN}") == ""
    (said,) = robot.taken
    assert said["msgtype"] == "text"
    assert said["text"]["content"].split() == ["到期", "张伟:", "1"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"dingtalk://SECanother@{TOKEN}", 310000),  # another secret
        (f"dingtalk://{TOKEN}", 310000),  # none where the robot asks for one
        (f"dingtalk://{SECRET}@nobody", 300001),
    ],
)
def test_a_refusal_is_named_by_its_code(robot: Robot, address: str, code: int) -> None:
    assert tell(address) == f"the service refuses it with code {code}"
    assert robot.taken == []
