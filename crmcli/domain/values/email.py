"""Written e-mail addresses -> lower-case addresses."""

from __future__ import annotations

import re

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.text import clean, halfwidth

register(
    **{
        "email.masked": "{text} is a masked address: ask for the whole one",
        "email.invalid": "{text} is not an e-mail address",
    }
)

_SEPARATORS = re.compile(r"[;,、|/\s<>()\[\]\"]+")
_ADDRESS = re.compile(
    r"[a-z0-9_](?:[a-z0-9._%+'&-]{0,62}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_MASKED = re.compile(r"[*×●•]{2,}")

# Source: the public mail services that Chinese and international business cards show.
_SERVICES = """
    qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com vip.126.com yeah.net 188.com sina.com sina.cn vip.sina.com
    sohu.com vip.sohu.com 139.com 189.cn wo.cn wo.com.cn 21cn.com tom.com aliyun.com 263.net gmail.com googlemail.com
    hotmail.com outlook.com live.com live.cn msn.com yahoo.com yahoo.cn yahoo.com.cn yahoo.com.hk yahoo.com.tw
    icloud.com me.com mac.com aol.com gmx.com mail.com proton.me protonmail.com zoho.com yandex.com mail.ru
"""
_FREE = frozenset(_SERVICES.split())


def parse_emails(text: str) -> list[str] | Problem:
    """Return the addresses in a cell in lower case, in order and each once; names beside them are passed over.

    >>> parse_emails("张三 <Zhang.San@ACME.com.cn>；li＠qq.com")
    ['zhang.san@acme.com.cn', 'li@qq.com']
    """
    pieces = [piece.removeprefix("mailto:") for piece in _SEPARATORS.split(halfwidth(text).casefold())]
    written = [clean(piece).strip(".:'") for piece in pieces if "@" in piece]
    good = list(dict.fromkeys(piece for piece in written if _ADDRESS.fullmatch(piece)))
    if written and all(_ADDRESS.fullmatch(piece) for piece in written):
        return good
    return Problem("email.masked" if _MASKED.search(text) else "email.invalid", text, ";".join(good))


def is_free_mail(domain: str) -> bool:
    """Return whether a domain belongs to a public mail service, so that it says nothing of the firm."""
    return domain.casefold() in _FREE
