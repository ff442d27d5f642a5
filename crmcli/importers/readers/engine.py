"""The border around third-party parsers: whatever they do there becomes one failure with their own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crmcli.errors import CrmError

_WORDS = 200


class EngineFailed(Exception):
    """A parser gave up on a file; another may still read it."""


@contextmanager
def engine_border() -> Iterator[None]:
    """Turn any failure of a parser inside the block, a panic of native code included, into `EngineFailed`."""
    try:
        yield
    except (CrmError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of native code is no Exception
        words = " ".join(str(error).split())[:_WORDS]
        raise EngineFailed(words or type(error).__name__) from error
