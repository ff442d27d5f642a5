"""What a service answers to a message: a bot of WeCom, DingTalk or Feishu refuses one with HTTP 200, mail by a code."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from crmcli.i18n import Message, msg

# the answer's key that is 0 where a bot took the message: WeCom and DingTalk, Feishu and Lark, older Feishu
_CODES = ("errcode", "code", "StatusCode")
_FINE = range(200, 300)
_REFUSED_MAIL = 400  # the first reply code of SMTP that refuses something
# the bots' schemas, as the library calls them
_BOTS = ("wecombot", "dingtalk", "feishu", "lark")


class Answers:
    """Within `with`, listens to the answers of a service; `why_not` tells why it did not take a message.

    The notification library takes every HTTP 200 for a success and hands no answer on, so it is listened to. Only
    numbers are told: the words of an answer may repeat a key.

    Source: developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com/document/robots/custom-robot-access,
    open.feishu.cn/document/client-docs/bot-v3/add-custom-bot; RFC 5321 section 4.2 for mail.
    """

    def __init__(self, schema: str) -> None:
        self._has_codes = schema in _BOTS
        self._refusal: Message | None = None
        self._mail_refusal: Message | None = None
        self._before: list[tuple[Any, str, Any]] = []

    def why_not(self, *, arrived: bool) -> Message | None:
        """Return why a message did not arrive, None where it did; `arrived` is what the library takes for true.

        A mail server that refuses one way of logging in may take the next: its codes count where no mail went out.
        """
        if arrived:
            return self._refusal
        return self._refusal or self._mail_refusal or msg("no connection")

    def __enter__(self) -> Answers:
        from smtplib import SMTP

        from requests import Session

        self._listen(Session, "send", self._hear_web)
        self._listen(SMTP, "getreply", self._hear_mail)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for place, name, before in self._before:
            setattr(place, name, before)

    def _listen(self, place: Any, name: str, hear: Callable[[Any], None]) -> None:
        before = getattr(place, name)
        self._before.append((place, name, before))

        def listening(*arguments: Any, **options: Any) -> Any:
            answer = before(*arguments, **options)
            hear(answer)
            return answer

        setattr(place, name, listening)

    def _hear_web(self, answer: Any) -> None:
        self._refusal = refusal_of(answer, has_codes=self._has_codes) or self._refusal

    def _hear_mail(self, answer: tuple[int, bytes]) -> None:
        code, _ = answer
        if code >= _REFUSED_MAIL:
            self._mail_refusal = msg("the mail server refuses it with code {code}", code=code)


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
