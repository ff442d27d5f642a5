"""Importing a customer list, whole process, against pandas reading it as text and writing it with to_sql.

Usage: python benchmarks/import_speed.py [ROWS]     (default 20000; a customer and a contact a row)

The two do different work: crmcli parses, validates, matches and journals every row; pandas only copies text. The
ratio says what that costs. Both run in processes of their own, in turn, on the same made-up file.
"""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
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


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Return (seconds, peak MB of the largest process) of a whole process."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Run both in turn and print the median ratio."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_customers(folder / "customers.csv", rows)
        for turn in range(ROUNDS):
            work = folder / str(turn)
            crm = [sys.executable, "-m", "crmcli"]
            subprocess.run([*crm, "init", str(work)], check=True, stdout=subprocess.DEVNULL)
            theirs, peak_pandas = timed([sys.executable, "-c", PANDAS, "../customers.csv", "pandas.db"], work)
            ours, peak = timed([*crm, "import", "../customers.csv", "--quiet"], work)
            ratios.append(ours / theirs)
            print(f"{rows} rows: crmcli {ours:.1f} s, pandas {theirs:.1f} s, ratio {ours / theirs:.2f}")
    print(f"median ratio {sorted(ratios)[ROUNDS // 2]:.2f}; peak MB so far: pandas {peak_pandas:.0f}, both {peak:.0f}")


if __name__ == "__main__":
    main()
