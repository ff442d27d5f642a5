"""`crmcli report weekly` to a workbook, whole process, on made-up opportunities with four stage events each.

Usage: python benchmarks/report_speed.py [OPPORTUNITIES ...]     (default 10000 100000)

The peer is DuckDB reading the same SQLite file (its sqlite scanner), in an environment of its own that is made in the
temporary folder: it computes the funnel, the win rate by owner, the loss reasons and the open pipeline of the last 12
months. crmcli computes the same figures and many more; both must agree on the counts.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判")
CHANCES = (10, 30, 50, 80)
REASONS = ("价格", "竞品", "预算", "时机", None)
AS_OF = "2026-06-10T09:00:00+08:00"
FIRST, LAST = datetime(2024, 1, 1), datetime(2026, 6, 9)  # noqa: DTZ001 (local times, written with their offset)
PEER = ("duckdb==1.5.5", "duckdb-extension-sqlite-scanner==1.5.5")
FIGURES = """
import sys, time, json, duckdb
from importlib.metadata import files
start = time.process_time()
db = duckdb.connect()
db.execute("SET threads = 2")
db.execute("SET enable_progress_bar = false")
known = files("duckdb-extension-sqlite-scanner")
extension = next(str(one.locate()) for one in known if "duckdb_extension" in one.name)
db.execute(f"LOAD '{extension}'")
db.execute(f"ATTACH '{sys.argv[1]}' AS crm (TYPE sqlite, READ_ONLY)")
db.execute('CREATE TEMP TABLE ev AS SELECT opportunity_id, "at" AS moment, kind, "rank" AS place, value, reason, id'
           " FROM crm.event WHERE field = 'stage' AND moment <= ?", [sys.argv[2]])
db.execute("CREATE TEMP TABLE deal AS SELECT id, owner, amount_fen, created_at FROM crm.opportunity")
db.execute("CREATE TEMP TABLE stand AS SELECT d.*, e.highest, e.kind, e.closed, e.reason, e.stage"
           " FROM deal d LEFT JOIN (SELECT opportunity_id, max(CASE WHEN kind = 'open' THEN place END) AS highest,"
           " arg_max(kind, (moment, id)) AS kind, max(moment) AS closed, arg_max(reason, (moment, id)) AS reason,"
           " arg_max(value, (moment, id)) AS stage FROM ev GROUP BY 1) e ON e.opportunity_id = d.id")
span = [sys.argv[3], sys.argv[4]]
begun = "FROM stand WHERE created_at >= ? AND created_at < ?"
closed = "closed >= ? AND closed < ?"
result = {
    "reached": [db.execute(f"SELECT count(*) {begun} AND (highest >= {rank} OR kind = 'won')", span).fetchone()[0]
                for rank in (1, 2, 3, 4)],
    "by_owner": db.execute("SELECT owner, count(*) FILTER (kind = 'won'), count(*) FILTER (kind = 'lost') FROM stand"
                           f" WHERE kind IN ('won', 'lost', 'void') AND {closed} GROUP BY 1 ORDER BY 1",
                           span).fetchall(),
    "loss": db.execute(f"SELECT reason, count(*), sum(amount_fen) FROM stand WHERE kind = 'lost' AND {closed}"
                       " GROUP BY 1 ORDER BY 2 DESC", span).fetchall(),
    "open": db.execute("SELECT stage, count(*), sum(amount_fen) FROM stand WHERE kind = 'open' GROUP BY 1").fetchall(),
}
result["cpu_seconds"] = time.process_time() - start
print(json.dumps(result))
"""


def make(folder: Path, size: int) -> None:
    """Make a workspace with `size` opportunities of 100 salespeople and about four events each."""
    crmcli("init", str(folder))
    db = sqlite3.connect(folder / "crm.db")
    db.execute(
        "INSERT INTO run (id, kind, command, actor, started, finished, status) VALUES"
        " (1, 'import', 'made', 'bench', '2026-06-09T20:00:00+08:00', '2026-06-09T20:10:00+08:00', 'done')"
    )
    dice = random.Random(size)
    customers = ((n, f"客户{n}有限公司", dice.choice(("上海", "江苏", "广东"))) for n in range(1, size // 5 + 2))
    db.executemany("INSERT INTO customer (id, name, province) VALUES (?, ?, ?)", customers)
    deals, events = [], []
    for number in range(1, size + 1):
        deal, own = play(dice, number, size)
        deals.append(deal)
        events += own
        if len(deals) == 20_000 or number == size:
            write(db, deals, events)
            deals, events = [], []
    db.commit()
    db.close()


def play(dice: random.Random, number: int, size: int) -> tuple[tuple[object, ...], list[tuple[object, ...]]]:
    """Return an opportunity's row and the rows of its events."""
    at = FIRST + timedelta(seconds=dice.randrange(int((LAST - FIRST).total_seconds())))
    created, rank, end, reason = at.date().isoformat(), 0, None, None
    events: list[tuple[datetime, str, int | None, str, str | None, int | None]] = []
    while at < LAST and end is None:
        step = dice.random()
        if rank and step < 0.12 + 0.03 * rank:
            end = ("won", "赢单", 5) if dice.random() < 0.15 * rank else ("lost", "输单", None)
            reason = dice.choice(REASONS) if end[0] == "lost" else None
            events.append((at, end[1], end[2], end[0], reason, None))
        elif rank < len(STAGES) or step > 0.7:
            rank = min(rank + 1, len(STAGES)) if step < 0.9 or rank < 2 else rank - 1
            events.append((at, STAGES[rank - 1], rank, "open", None, CHANCES[rank - 1]))
        at += timedelta(days=dice.randrange(3, 40), seconds=dice.randrange(80_000))
    status = end[0] if end else "open"
    stage = end[1] if end else STAGES[rank - 1] if rank else None
    closed = f"{events[-1][0].isoformat()}+08:00" if end else None
    deal = (
        number, f"商机{number}", 1 + dice.randrange(size // 5 + 1), f"销售{dice.randrange(100):02d}",
        dice.randrange(1_000, 100_000_000), "CNY", stage, status, created, (FIRST.date() + timedelta(
            days=dice.randrange(1200))).isoformat(), closed, reason, dice.choice(("云盘", "专线", "短信")),
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (number, "stage", f"{when.isoformat()}+08:00", value, rank, kind, 0, "2026-06-09T20:00:00+08:00", why, chance)
        for when, value, rank, kind, why, chance in events
    ]
    return deal, rows


def write(db: sqlite3.Connection, deals: list[tuple[object, ...]], events: list[tuple[object, ...]]) -> None:
    """Write opportunities and events."""
    db.executemany(
        "INSERT INTO opportunity (id, name, customer_id, owner, amount_fen, currency, stage, status, created_at,"
        " expected_close, closed_at, loss_reason, product) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        deals,
    )
    db.executemany(
        "INSERT INTO event (opportunity_id, field, at, value, rank, kind, inferred, recorded, reason, probability)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        events,
    )


def crmcli(*arguments: str) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and the peak in MB of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "crmcli", *arguments], check=True, capture_output=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss / 1024


def peer(folder: Path) -> Path:
    """Return the interpreter of a new environment that has DuckDB."""
    venv.create(folder / "peer", with_pip=True)
    python = folder / "peer" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True)
    return python


def figures(workspace: Path, python: Path, out: Path) -> Iterator[str]:
    """Yield what both took for the figures, and whether they agree."""
    span = ("2025-06-08", "2026-06-08")  # the 12 months up to the end of the last complete week
    done = subprocess.run(
        [python, "-c", FIGURES, str(workspace / "crm.db"), AS_OF, *span], check=True, capture_output=True, text=True
    )
    theirs = json.loads(done.stdout)
    _wall, cpu, _peak = crmcli(
        "report", "weekly", "--as-of", AS_OF, "--db", str(workspace / "crm.db"), "--out", str(out)
    )
    tables = {table["name"]: table for table in json.loads(out.read_text(encoding="utf-8"))["tables"]}
    reached = [row[column_of(tables["funnel_12m"], "reached")] for row in tables["funnel_12m"]["rows"]][:4]
    lost = sum(row[column_of(tables["loss_12m"], "n")] for row in tables["loss_12m"]["rows"])
    same = reached == theirs["reached"] and lost == sum(row[1] for row in theirs["loss"])
    yield f"figures: crmcli {cpu:.1f} s of processor time, DuckDB {theirs['cpu_seconds']:.1f} s, ratio "
    yield f"{cpu / theirs['cpu_seconds']:.1f}, {'the same counts' if same else f'COUNTS DIFFER: {reached} {lost}'}"


def column_of(table: dict[str, list[dict[str, str]]], key: str) -> int:
    """Return the position of a column in a table of a report's document."""
    return [column["key"] for column in table["columns"]].index(key)


def main() -> None:
    """Print for each size what the workbook took, and the figures beside the peer's."""
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000]
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        python = peer(folder)
        for size in sizes:
            workspace = folder / f"w{size}"
            make(workspace, size)
            arguments = ("report", "weekly", "--as-of", AS_OF, "--db", str(workspace / "crm.db"))
            wall, cpu, peak = crmcli(*arguments, "--out", str(folder / f"{size}.xlsx"))
            print(f"{size:,} opportunities: {wall:.1f} s wall, {cpu:.1f} s of processor time, peak {peak:,.0f} MB")
            print("  " + "".join(figures(workspace, python, folder / f"{size}.json")))


if __name__ == "__main__":
    print(f"{date.today()}, Python {sys.version.split()[0]}")  # noqa: DTZ011 (for the reader only)
    main()
