"""Work on many texts spread over the processors of this machine."""

from __future__ import annotations

import os
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

# a copy of this process is made in a moment, with all that it has imported; elsewhere a new interpreter is started
_COPIES = sys.platform == "linux"
# so much work in seconds is done here before other processes are started: what is left may be little
_PATIENCE = 0.5 if _COPIES else 3.0
_MOST_PROCESSES = 8
_AHEAD = 2  # lists that wait for each process, so that memory stays bounded


class Spreading:
    """Does as `map` does; in several processes, this one among them, where there is much to do.

    `patience` is how many seconds it works alone first.
    """

    def __init__(self, processes: int, patience: float = _PATIENCE) -> None:
        self._processes = processes
        self._patience = patience

    def __call__(self, do: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
        """Yield what `do` makes of each that is given, in their order."""
        rest, spent = iter(given), 0.0
        while self._processes == 1 or spent < self._patience:
            try:
                one = next(rest)
            except StopIteration:
                return
            begun = perf_counter()
            made = do(one)
            spent += perf_counter() - begun
            yield made
        yield from self._shared(do, rest)

    def _shared(self, do: Callable[[Given], Made], rest: Iterator[Given]) -> Iterator[Made]:
        pool = ProcessPoolExecutor(self._processes - 1, get_context("fork" if _COPIES else "spawn"))
        waiting: deque[tuple[Given, Future[Made]]] = deque()
        try:
            for one in rest:
                waiting.append((one, _submitted(pool, do, one)))
                if len(waiting) > self._processes * _AHEAD:
                    yield _first(do, waiting)
            while waiting:
                yield _first(do, waiting)
        finally:
            pool.shutdown(cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, do: Callable[[Given], Made], one: Given) -> Future[Made]:
    with warnings.catch_warnings():  # of copies of processes with threads: those of numpy wait, and none is of ours
        warnings.simplefilter("ignore", DeprecationWarning)
        return pool.submit(do, one)


def _first(do: Callable[[Given], Made], waiting: deque[tuple[Given, Future[Made]]]) -> Made:
    """Return what is made of the first that waits; meanwhile do here what no process has begun, the last first."""
    future = waiting[0][1]
    for place in range(len(waiting) - 1, -1, -1):
        if future.done():
            break
        one, theirs = waiting[place]
        if theirs.cancel():
            mine: Future[Made] = Future()
            mine.set_result(do(one))
            waiting[place] = (one, mine)
    return waiting.popleft()[1].result()


HERE = Spreading(1)


def everywhere() -> Spreading:
    """Return what spreads work over the processors of this machine."""
    return Spreading(min(os.cpu_count() or 1, _MOST_PROCESSES))
