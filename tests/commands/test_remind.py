from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from openpyxl import load_workbook


@pytest.fixture
def office(crm: Any) -> Any:
    """Return the command line in a workspace with a deal whose next step was due on 25 June."""
    crm("customer", "add", "name=甲公司", "owner=张伟")
    crm("opp", "add", "name=年框", "customer=C1", "owner=张伟", "next_at=2026-06-25", "next_action=报价13800008000")
    (crm.folder / "crm.toml").write_text('[[owner]]\nname = "张伟"\nmanager = "陈静"\n', encoding="utf-8")
    return crm


def test_what_is_due_is_said_and_the_command_ends_with_10(office: Any) -> None:
    result = office("remind", code=10)
    assert result.stdout.split("\n")[0] == "张伟: 1"
    assert "O1" in result.stdout
    assert "5 days overdue" in result.stdout
    assert office("remind", "--owner", "陈静", code=10).stdout == result.stdout
    assert office("remind", "--owner", "路人", code=2).stderr.startswith("error: nobody is called 路人")


def test_where_nothing_is_due_nothing_is_said(office: Any) -> None:
    office("opp", "set", "O1", "next_at=2026-07-20")
    result = office("remind")
    assert (result.stdout, result.stderr) == ("", "")
    document = office("remind", "--json").json
    assert (document["items"], document["by_level"]) == ([], {"owner": 0, "manager": 0, "risk": 0})


def test_one_document(office: Any) -> None:
    document = office("remind", "--json", code=10).json
    assert list(document) == ["as_of", "items", "by_owner", "by_level", "sent", "as_known_then"]
    (item,) = document["items"]
    assert (item["kind"], item["id"], item["due"], item["days"], item["level"], item["recipients"]) == (
        "action", "O1", "2026-06-25", 5, "manager", ["张伟", "陈静"],
    )  # fmt: skip
    assert (document["by_owner"], document["sent"]) == ({"张伟": 1}, [])


def test_an_earlier_day_is_told_as_it_was_known_then(office: Any) -> None:
    office("opp", "set", "O1", "owner=王芳", now="2026-07-10T09:00:00+08:00")
    office("opp", "lose", "O1", "--reason", "价格", now="2026-07-20T09:00:00+08:00")
    later = "2026-08-01T09:00:00+08:00"
    assert office("remind", now=later).stdout == ""
    before = office("remind", "--as-of", "2026-07-05", "--json", now=later, code=10).json
    assert {(item["id"], item["owner"]) for item in before["items"]} == {("O1", "张伟")}
    assert before["as_known_then"] is True
    after = office("remind", "--as-of", "2026-07-15", "--json", now=later, code=10).json
    assert {item["owner"] for item in after["items"]} == {"王芳"}


def test_a_day_before_anything_was_recorded_shows_the_present_and_says_so(office: Any) -> None:
    office("opp", "set", "O1", "created_at=2026-06-01")
    result = office("remind", "--as-of", "2026-06-26", code=10)
    assert "O1" in result.stdout
    assert "nothing was recorded by then" in result.stderr
    assert office("remind", "--as-of", "2026-06-26", "--json", code=10).json["as_known_then"] is False


def test_files(office: Any) -> None:
    office("remind", "--out", "due.xlsx", code=10)
    office("remind", "--out", "due.ics", code=10)
    assert load_workbook(office.folder / "due.xlsx").worksheets[0]["J4"].value == "O1"
    assert "UID:action-O1-" in (office.folder / "due.ics").read_text(encoding="utf-8")
    assert "due.txt" in office("remind", "--out", "due.txt", code=2).stderr


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Return what is posted to the address in OUR_HOOK; it answers 500 from the second message on."""
    pytest.importorskip("apprise", reason="needs the notification library: crmcli[notify]")
    found: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name http.server asks for
            found.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200 if len(found) == 1 else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("OUR_HOOK", f"json://127.0.0.1:{server.server_port}/secret-key")
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_leaves_unless_it_is_configured_and_asked_for(office: Any, posted: list[dict[str, Any]]) -> None:
    assert "crm.toml names nobody" in office("remind", "--send", code=2).stderr
    with (office.folder / "crm.toml").open("a", encoding="utf-8") as file:
        file.write('[remind]\nnotify = ["env:OUR_HOOK"]\n')
    office("remind", code=10)
    assert posted == []
    result = office("remind", "--send", code=10)
    assert result.stderr == "sent to env:OUR_HOOK: 1\n"
    assert posted[0]["title"] == "For managers, due for some days on 2026-06-30: 1"
    assert posted[0]["message"] == (
        "张伟: 1 (also to 陈静)\n· 甲公司, 年框: next step: 报价138****8000 [5 days overdue]"
    )
    failed = office("remind", "--send", code=1)
    assert failed.stderr.startswith("error: not sent: env:OUR_HOOK (the service answers HTTP 500)")
    sent = office("remind", "--send", "--json", code=1).json["sent"]
    assert [(one["address"], one["ok"]) for one in sent] == [("env:OUR_HOOK", False)]
    assert "secret-key" not in failed.stdout + failed.stderr
