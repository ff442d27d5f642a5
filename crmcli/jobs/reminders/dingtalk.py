"""The signature of DingTalk's robots, which the notification library writes in a way that DingTalk refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from apprise import NotifyBase


def sign_once(way: NotifyBase) -> None:
    """Let a robot with a secret sign as DingTalk reads it; other services stay as they are.

    The library (2.2.0) quotes the signature and hands it to the web library, which quotes it again: DingTalk reads
    another one and answers 310000, sign not match.

    Source: open.dingtalk.com/document/robots/customize-robot-security-settings.
    """
    robot: Any = way
    if robot.secure_protocol != "dingtalk":
        return
    sign = robot.get_signature

    def signed_once() -> tuple[str, str]:
        timestamp, signature = sign()
        return timestamp, unquote(signature)

    robot.get_signature = signed_once
