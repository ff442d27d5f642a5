"""What a chat service answers to a message: the bots of WeCom, DingTalk and Feishu refuse one with HTTP 200."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from crmcli.i18n import Message, msg

# the answer's key that is 0 where a bot took the message: WeCom and DingTalk, Feishu and Lark, older Feishu
_CODES = ("errcode", "code", "StatusCode")
_FINE = range(200, 300)
# the bots' schemas, as the library calls them
_BOTS = ("wecombot", "dingtalk", "feishu", "lark")


class Answers:
    """Within `with`, listens to the answers of a service; `refusal` is why it refused, None where it did not.

    The notification library takes every HTTP 200 for a success and hands no answer on, so it is listened to. Only
    numbers are told: the words of an answer may repeat a key.

    Source: developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com/document/robots/custom-robot-access,
    open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
    """

    def __init__(self, schema: str) -> None:
        self.refusal: Message | None = None
        self._has_codes = schema in _BOTS
        self._session: Any = None
        self._send: Any = None

    def __enter__(self) -> Answers:
        import requests

        self._session = requests.Session
        send = self._send = self._session.send

        def listening(session: Any, *arguments: Any, **options: Any) -> Any:
            answer = send(session, *arguments, **options)
            self.refusal = refusal_of(answer, has_codes=self._has_codes) or self.refusal
            return answer

        self._session.send = listening
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._session.send = self._send


def refusal_of(answer: Any, *, has_codes: bool) -> Message | None:
    """Return why a service refused a message by its HTTP answer, None where it took it."""
    if answer.status_code not in _FINE:
        return msg("the service answers HTTP {code}", code=answer.status_code)
    if not has_codes:
        return None
    try:
        said = answer.json()
    except ValueError:
        return None
    found = [said[key] for key in _CODES if key in said] if isinstance(said, dict) else []
    wrong = [code for code in found if isinstance(code, int) and code != 0]
    return msg("the service refuses it with code {code}", code=wrong[0]) if wrong else None
