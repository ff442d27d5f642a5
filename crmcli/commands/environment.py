"""What the machine gives a command: the clock, who is acting, the line that was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime


@dataclass
class Environment:
    """What the machine gives a command; tests give their own."""

    clock: Callable[[], datetime] = lambda: datetime.now().astimezone()
    actor: str = ""
    argv: list[str] | None = None  # the command line that is running; None while only help pages are made
    lang: str = ""  # `crmcli --lang en runs`: what is said before the command holds unless it says otherwise itself


ENVIRONMENT = Environment()


@contextmanager
def surrounded(environment: Environment, argv: list[str]) -> Iterator[None]:
    """Let commands see this environment and command line for a while."""
    before = dict(vars(ENVIRONMENT))
    vars(ENVIRONMENT).update(vars(environment), argv=argv)
    try:
        yield
    finally:
        vars(ENVIRONMENT).update(before)
