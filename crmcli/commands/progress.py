"""What a long command is doing, on stderr while it does it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crmcli.commands.shell import Shell


@contextmanager
def progress(shell: Shell) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done: on a terminal only, gone when the work ends."""
    if shell.quiet or not sys.stderr.isatty():
        yield lambda _text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update
