"""Work on many texts spread over the processors of this machine."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

# with fewer lists than this, starting processes takes longer than they save
_FEWEST_LISTS = 4
_MOST_PROCESSES = 8
_AHEAD = 2  # lists that wait for each process, so that memory stays bounded


class Spreading:
    """Does as `map` does; in several processes where there is much to do."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, do: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
        """Yield what `do` makes of each that is given, in their order."""
        rest = iter(given)
        first = list(islice(rest, _FEWEST_LISTS))
        if self._processes < 2 or len(first) < _FEWEST_LISTS:  # noqa: PLR2004 - one process is this one
            yield from map(do, chain(first, rest))
            return
        pool = self._started()
        waiting: deque[Future[Made]] = deque()
        for one in chain(first, rest):
            if len(waiting) >= self._processes * _AHEAD:
                yield waiting.popleft().result()
            waiting.append(pool.submit(do, one))
        while waiting:
            yield waiting.popleft().result()

    def _started(self) -> ProcessPoolExecutor:
        """Return the processes, started when they are first needed; new interpreters, as on every platform."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, get_context("spawn"))
        return self._pool

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


HERE = Spreading(1)


@contextmanager
def spread_over(processes: int | None = None) -> Iterator[Spreading]:
    """Yield what spreads work over so many processes (as many as this machine has processors), ended afterwards."""
    spreading = Spreading(processes or min(os.cpu_count() or 1, _MOST_PROCESSES))
    try:
        yield spreading
    finally:
        spreading.close()
