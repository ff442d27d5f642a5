from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from crmcli.jobs.reminders.answers import refusal_of


@dataclass
class Answer:
    status_code: int
    text: str = ""

    def json(self) -> Any:
        return json.loads(self.text)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200, '{"errcode": 0, "errmsg": "ok"}'), ""),
        (Answer(200, '{"code": 0, "StatusCode": 0}'), ""),
        (Answer(200, "ok"), ""),
        (Answer(200, "[1]"), ""),
        (Answer(200, '{"errcode": 310000, "errmsg": "keywords not in content"}'), "refuses it with code 310000"),
        (Answer(200, '{"code": 19024, "msg": "Key Words Not Found"}'), "refuses it with code 19024"),
        (Answer(404), "answers HTTP 404"),
    ],
)
def test_a_bot_refuses_in_words_or_by_http(answer: Answer, words: str) -> None:
    assert str(refusal_of(answer, has_codes=True) or "").removeprefix("the service ") == words


def test_codes_of_other_services_mean_nothing() -> None:
    assert refusal_of(Answer(200, '{"code": 200}'), has_codes=False) is None
    assert str(refusal_of(Answer(500), has_codes=False)) == "the service answers HTTP 500"
