"""Who has which share in something: `王芳:70, 李伟:30`."""

from __future__ import annotations

import re
from decimal import Decimal

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.text import clean

register(
    **{
        "shares.unreadable": "{text} is no list of names and shares such as 王芳:70,李伟:30",
        "shares.twice": "somebody stands twice in {text}",
        "shares.sum": "the shares in {text} do not add up to 100",
    }
)
_ITEM = re.compile(r"(.+?)\s*[:：=＝]?\s*([0-9]{1,3}(?:\.[0-9]{1,2})?)\s*[%％]?")
_BETWEEN = re.compile(r"\s*[,，;；、\n]\s*")


def parse_shares(text: str) -> dict[str, float] | Problem:
    """Return name -> share in percent, in the order written; the shares add up to 100, none is 0.

    >>> parse_shares("王芳：70%、李伟 30")
    {'王芳': 70.0, '李伟': 30.0}
    """
    found = [_ITEM.fullmatch(item) for item in _BETWEEN.split(clean(text)) if item]
    named = [(match[1].strip(), Decimal(match[2])) for match in found if match]
    if not named or len(named) < len(found) or not all(share for _, share in named):
        return Problem("shares.unreadable", text)
    shares = dict(named)
    if len(shares) < len(named):
        return Problem("shares.twice", text)
    if sum(shares.values()) != 100:  # noqa: PLR2004 (percent)
        return Problem("shares.sum", text)
    return {name: float(share) for name, share in shares.items()}
