from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from crmcli.importers.readers.spool import (
    BlockWriter,
    Spool,
    SpoolFailed,
    StoredBlocks,
    append_answer,
    settled,
)
from crmcli.importers.sheet import Block, Column, OddRow
from crmcli.importers.tables.columns import sheet_of

BLOCK = Block(
    7, [9, 12], [Column("客户", 1, ["甲", ""], [0, 1]), Column("", 3, ["x"], [0, 0])],
    [OddRow(10, "row.total", ["合计", "2"])], [OddRow(11, "line.unclosed_quote", ['"x'])],
)  # fmt: skip


def plain(block: Block) -> tuple[object, ...]:
    columns = [(c.header, c.position, c.values, list(c.codes)) for c in block.columns]
    return block.start, list(block.rows), columns, block.skipped, block.rejected


def filled_spool(*blocks: Block) -> tuple[Spool, BlockWriter]:
    spool = Spool()
    writer = BlockWriter(spool.file)
    for block in blocks:
        writer.append(block)
    append_answer(spool.file, b"answer")
    return spool, writer


def test_blocks_come_back_as_they_were_each_time_they_are_asked_for() -> None:
    empty = Block(9, [], [], BLOCK.skipped)
    spool, writer = filled_spool(BLOCK, empty)
    stored = StoredBlocks(spool, writer.places)
    for _pass in range(2):
        assert [plain(block) for block in stored] == [plain(BLOCK), plain(empty)]
    assert spool.answer() == (b"answer", writer.places[-1].start + writer.places[-1].length)


def test_two_passes_may_go_on_side_by_side() -> None:
    blocks = list(sheet_of(["a"], [[str(n)] for n in range(6)], block_rows=2).blocks())
    spool, writer = filled_spool(*blocks)
    stored = StoredBlocks(spool, writer.places)
    pairs = list(zip(stored, stored, strict=True))
    assert [plain(one) for one, _other in pairs] == [plain(other) for _one, other in pairs] == [*map(plain, blocks)]


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_small_spools_share_one_file() -> None:
    before = open_files()
    kept = []
    for _file in range(20):
        spool, writer = filled_spool(BLOCK)
        shared, start = settled(spool, spool.answer()[1])
        places = [place._replace(start=place.start + start) for place in writer.places]
        kept.append(StoredBlocks(shared, places))
    assert all([plain(block) for block in stored] == [plain(BLOCK)] for stored in kept)
    assert open_files() - before <= 2


def test_a_large_spool_keeps_its_file() -> None:
    wide = Block(0, [1], [Column("a", 1, ["x" * (2 << 20)], [0])])
    spool, _writer = filled_spool(wide)
    assert settled(spool, spool.answer()[1]) == (spool, 0)


def test_the_file_has_no_name_and_goes_with_the_last_who_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool, writer = filled_spool(BLOCK)
    file, stored = spool.file, StoredBlocks(spool, writer.places)
    if os.name == "posix":
        assert list(tmp_path.iterdir()) == []
    del spool
    assert not file.closed
    del stored
    gc.collect()
    assert file.closed


def test_a_file_that_takes_no_more_is_named() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(SpoolFailed, match="space"):
        BlockWriter(full).append(BLOCK)
