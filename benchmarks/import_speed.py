"""Importing a csv, whole process, against pandas reading it as text and writing it with to_sql.

Usage: python benchmarks/import_speed.py [ROWS ...]     (default 20000; 2000000 takes minutes)

Two made-up GB18030 files of each size: a customer list of 12 columns (a customer and a contact a row), and the 20
columns of read_speed.py (a deal as well). The two programs do different work: crmcli parses, validates, matches and
journals every row; pandas only copies text. The ratio says what that costs. Each runs in a process of its own, in
turn; seconds are those of the processors (user and system, child processes too), which other programs disturb least.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

ROUNDS = 3
PANDAS = """
import sqlite3, sys
import pandas
frame = pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False, encoding="gb18030")
frame.to_sql("customer", sqlite3.connect(sys.argv[2]), index=False)
"""
HEADERS = [
    "客户编号",
    "客户名称",
    "联系人",
    "手机",
    "客户行业",
    "客户级别",
    "省份",
    "城市",
    "详细地址",
    "负责人",
    "创建时间",
    "备注",
]


def write_customers(path: Path, rows: int) -> None:
    """Write a made-up GB18030 customer list of `rows` rows and 12 columns."""
    dice = random.Random(7)
    places = [("上海", "上海"), ("江苏", "苏州"), ("广东", "深圳"), ("浙江", "杭州")]
    with path.open("w", newline="", encoding="gb18030") as file:
        out = csv.writer(file)
        out.writerow(HEADERS)
        for number in range(rows):
            province, city = dice.choice(places)
            name = f"{city}{chr(0x4E00 + dice.randrange(8000))}{chr(0x4E00 + dice.randrange(8000))}{number}科技有限公司"
            phone = f"13{dice.randrange(10**9):09d}"
            day = f"202{dice.randrange(6)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
            street = f"{city}市人民路{dice.randrange(999)}号"
            person = dice.choice("王李张刘陈") + dice.choice("伟芳娜敏静")
            out.writerow(
                [
                    f"K{number:07d}",
                    name,
                    person,
                    phone,
                    "制造业",
                    dice.choice("ABC"),
                    province,
                    city,
                    street,
                    "张伟",
                    day,
                    "",
                ]
            )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a whole process took: seconds of the processors and by the clock, MB of its largest process at its peak."""

    processor_s: float
    clock_s: float
    peak_mb: float


def cost_of(command: list[str], folder: Path) -> Cost:
    """Return what a command took, its child processes counted in."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024)


def compare(file: Path, rows: int) -> None:
    """Run both on a file in turn and print the medians."""
    ours, theirs = [], []
    for turn in range(ROUNDS):
        work = file.parent / f"{file.stem}-{rows}-{turn}"
        crm = [sys.executable, "-m", "crmcli"]
        subprocess.run([*crm, "init", str(work)], check=True, stdout=subprocess.DEVNULL)
        theirs.append(cost_of([sys.executable, "-c", PANDAS, str(file), "pandas.db"], work))
        ours.append(cost_of([*crm, "import", str(file), "--quiet"], work))
        shutil.rmtree(work)
    ratio = statistics.median(own.processor_s / other.processor_s for own, other in zip(ours, theirs, strict=True))
    for name, costs in (("crmcli", ours), ("pandas", theirs)):
        seconds = statistics.median(cost.processor_s for cost in costs)
        clock = statistics.median(cost.clock_s for cost in costs)
        peak = max(cost.peak_mb for cost in costs)
        shown = f"{seconds:.1f} s ({clock:.1f} by the clock), {seconds / rows * 1e6:.0f} us a row, {peak:.0f} MB"
        print(f"{file.name} {rows} rows, {name}: {shown}")
    print(f"{file.name} {rows} rows: ratio {ratio:.2f}", flush=True)


def main() -> None:
    """Compare both files in all sizes."""
    write_deals = import_module("read_speed").write_csv  # beside this script
    for rows in [int(text) for text in sys.argv[1:]] or [20_000]:
        with tempfile.TemporaryDirectory() as name:
            for stem, write in (("customers", write_customers), ("deals", write_deals)):
                file = Path(name) / f"{stem}.csv"
                write(file, rows)
                compare(file, rows)
                file.unlink()


if __name__ == "__main__":
    main()
