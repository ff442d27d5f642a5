from __future__ import annotations

import pytest

from crmcli.domain.attachments import STATES, Print, compare, print_of

KEPT = {"size": 3, "sha256": "ab"}


@pytest.mark.parametrize(
    ("found", "state"),
    [(Print(3, "ab"), "ok"), (Print(3, "cd"), "changed"), (Print(4, "ab"), "changed"), (None, "missing")],
)
def test_a_file_is_what_its_bytes_are(found: Print | None, state: str) -> None:
    assert compare(KEPT, found) == state
    assert state in STATES


def test_the_print_of_an_attachment_is_that_of_its_file_then() -> None:
    assert print_of(KEPT) == Print(3, "ab")
