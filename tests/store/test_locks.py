from __future__ import annotations

import os
from pathlib import Path

import pytest

from crmcli.errors import CrmError
from crmcli.store.locks import round_lock, writer_lock, writer_of


def test_a_second_round_is_refused_at_once_and_told_who_has_the_first(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with round_lock(path, "crmcli run daily"):
        with pytest.raises(CrmError) as refused, round_lock(path, "crmcli run weekly"):
            pytest.fail("two rounds at a time")
        assert refused.value.code == "round.running"
        assert f"crmcli run daily (pid {os.getpid()})" in str(refused.value)
    with round_lock(path, "crmcli run weekly"):
        assert (tmp_path / "crm.db.round").exists()
    assert not (tmp_path / "crm.db.round").exists()


def test_a_round_does_not_keep_others_from_writing(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with round_lock(path, "crmcli run daily"), writer_lock(path, "crmcli import a.csv"):
        assert writer_of(path).startswith("crmcli import a.csv")
    assert writer_of(path) == ""
