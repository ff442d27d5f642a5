from __future__ import annotations

from crmcli.importers.readers.failures import BY_CODE, FileNotReadable


def test_every_failure_can_be_sent_from_the_child() -> None:
    listed = set(BY_CODE.values())
    missing = {failure.__name__ for failure in FileNotReadable.__subclasses__()} - {f.__name__ for f in listed}
    assert missing - {"FileNameGarbled", "NoRoom"} == set()  # the parent finds these
    assert all(code == failure.code for code, failure in BY_CODE.items())
