"""`crmcli report weekly` to a workbook, whole process, on made-up opportunities with four stage events each.

Usage: python benchmarks/report_speed.py [OPPORTUNITIES ...]     (default 10000 100000)

The peer is DuckDB reading the same SQLite file (its sqlite scanner), in an environment of its own that is made in the
temporary folder: it computes the main ones of the weekly's figures (the 13 weeks with what was open at the end of each,
the open pipeline with the median age, and of the last week, 13 weeks and 12 months and of the spans before them the
funnel, the win rate by owner and the loss reasons). crmcli computes the same and more; both must agree on the counts.
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
from typing import Any

STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判")
CHANCES = (10, 30, 50, 80)
REASONS = ("价格", "竞品", "预算", "时机", None)
AS_OF = "2026-06-10T09:00:00+08:00"
WEEK = date(2026, 6, 1)  # the last complete week
SPANS = {
    "week": ((WEEK, WEEK + timedelta(days=7)), (WEEK - timedelta(days=7), WEEK)),
    "13w": ((date(2026, 3, 9), date(2026, 6, 8)), (date(2025, 12, 8), date(2026, 3, 9))),
    "12m": ((date(2025, 6, 8), date(2026, 6, 8)), (date(2024, 6, 8), date(2025, 6, 8))),
}
"""What the weekly looks at, and the span before it."""
COMPARED = {
    "week": ("week", "created", "won", "lost", "open"),
    "pipeline": ("stage", "n"),
    **{f"funnel_{name}": ("reached",) for name in ("13w", "12m")},
    **{f"loss_{name}": ("n",) for name in ("13w", "12m")},
}
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
def rows(sql, *values):
    return db.execute(sql, list(values)).fetchall()
db.execute("CREATE TEMP TABLE held AS SELECT opportunity_id, moment, kind, place,"
           " lead(moment) OVER later AS until, lag(place) OVER later AS came_from FROM ev"
           " WINDOW later AS (PARTITION BY opportunity_id ORDER BY moment, id)")
db.execute("CREATE TEMP TABLE visit AS SELECT opportunity_id, place, bool_or(came_from > place) AS back"
           " FROM held GROUP BY ALL")
starts, ends, spans = map(json.loads, sys.argv[3:])
result = {
    "weeks": rows("SELECT date_trunc('week', created_at[:10]::DATE)::DATE::VARCHAR AS week, count(*) FROM deal"
                  " WHERE created_at >= ? AND created_at < ? GROUP BY 1 ORDER BY 1", starts[0], ends[-1]),
    "ended": rows("SELECT date_trunc('week', closed[:10]::DATE)::DATE::VARCHAR AS week, count(*) FILTER (kind = 'won'),"
                  " count(*) FILTER (kind = 'lost'), count(*) FILTER (kind = 'void'), sum(amount_fen) FROM stand"
                  " WHERE kind IN ('won', 'lost', 'void') AND closed >= ? AND closed < ? GROUP BY 1 ORDER BY 1",
                  starts[0], ends[-1]),
    "open_then": rows("SELECT w.ends, count(*), sum(d.amount_fen) FROM (SELECT unnest(?) AS ends) w JOIN"
                      " (SELECT * FROM held WHERE kind = 'open' AND (until IS NULL OR until >= ?)) h"
                      " ON h.moment < w.ends AND coalesce(h.until, '9') >= w.ends"
                      " JOIN deal d ON d.id = h.opportunity_id GROUP BY 1 ORDER BY 1", ends, ends[0]),
    "open": rows("SELECT stage, count(*), sum(amount_fen), median(date_diff('day', closed[:10]::DATE, ?::DATE))"
                 " FROM stand WHERE kind = 'open' GROUP BY 1", sys.argv[2][:10]),
    "spans": [],
}
for span in spans:
    begun = "FROM stand WHERE created_at >= ? AND created_at < ?"
    closed = "FROM stand WHERE closed >= ? AND closed < ? AND kind"
    result["spans"].append({
        "reached": rows("SELECT " + ", ".join(f"count(*) FILTER (highest >= {rank} OR kind = 'won')"
                                              for rank in (1, 2, 3, 4)) + f" {begun}", *span)[0],
        "entered": rows("SELECT v.place, count(*), count(*) FILTER (v.back) FROM visit v JOIN stand s"
                        " ON s.id = v.opportunity_id WHERE s.created_at >= ? AND s.created_at < ? GROUP BY 1", *span),
        "by_owner": rows("SELECT owner, count(*) FILTER (kind = 'won'), count(*) FILTER (kind = 'lost'),"
                         f" sum(amount_fen) FILTER (kind = 'won') {closed} IN ('won', 'lost', 'void')"
                         " GROUP BY 1 ORDER BY 1", *span),
        "loss": rows(f"SELECT reason, count(*), sum(amount_fen) {closed} = 'lost' GROUP BY 1 ORDER BY 2 DESC", *span),
    })
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
    weeks = [WEEK - timedelta(weeks=back) for back in range(12, -1, -1)]
    arguments = (
        [f"{week:%F}" for week in weeks],
        [f"{week + timedelta(days=7):%F}" for week in weeks],
        [[f"{day:%F}" for day in span] for pair in SPANS.values() for span in pair],
    )
    done = subprocess.run(
        [python, "-c", FIGURES, str(workspace / "crm.db"), AS_OF, *map(json.dumps, arguments)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    theirs = json.loads(done.stdout)
    _wall, cpu, _peak = crmcli(
        "report", "weekly", "--as-of", AS_OF, "--db", str(workspace / "crm.db"), "--out", str(out)
    )
    tables = {table["name"]: table for table in json.loads(out.read_text(encoding="utf-8"))["tables"]}
    ours = {name: picked(tables[name], *keys) for name, keys in COMPARED.items()}
    spans = dict(zip(SPANS, theirs["spans"][::2], strict=True))
    ended = zip(theirs["weeks"], theirs["ended"], theirs["open_then"], strict=True)
    wanted = {
        "week": [[*made, won, lost, then] for made, (_week, won, lost, *_), (_end, then, _sum) in ended],
        "pipeline": sorted(row[:2] for row in theirs["open"]),
    }
    for name in ("13w", "12m"):
        wanted[f"funnel_{name}"] = [[n] for n in spans[name]["reached"]]
        ours[f"funnel_{name}"] = ours[f"funnel_{name}"][: len(STAGES)]
        wanted[f"loss_{name}"] = sorted([n] for _reason, n, _amount in spans[name]["loss"])
    ours = {name: sorted(rows) if name.startswith(("loss", "pipeline")) else rows for name, rows in ours.items()}
    differing = [name for name in wanted if ours[name] != wanted[name]]
    yield f"figures: crmcli {cpu:.1f} s of processor time, DuckDB {theirs['cpu_seconds']:.1f} s, ratio "
    yield f"{cpu / theirs['cpu_seconds']:.1f}, {f'COUNTS DIFFER: {differing}' if differing else 'the same counts'}"


def picked(table: dict[str, list[Any]], *keys: str) -> list[list[Any]]:
    """Return some columns of a table of a report's document, row by row."""
    places = [column_of(table, key) for key in keys]
    return [[row[place] for place in places] for row in table["rows"]]


def column_of(table: dict[str, list[Any]], key: str) -> int:
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
