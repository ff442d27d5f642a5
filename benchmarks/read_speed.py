"""Reading a spreadsheet, whole process, before any value is parsed: against pandas and a bare csv.reader.

Usage: python benchmarks/read_speed.py [XLSX_ROWS [CSV_ROWS]]     (default 3000 and 100000; 20 columns)

All read the same made-up files, in turn, in processes of their own: a workbook, and a csv in GB18030. crmcli reads in
a child process under limits and goes through every block once; its peak is that of the larger of the two processes.
"""

from __future__ import annotations

import csv
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROUNDS = 3
PEAK = """
import resource
print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024)
"""  # what this process itself takes is the least that it can show
CRMCLI = """
import sys
from pathlib import Path
from crmcli.domain.fields import known_headers
from crmcli.importers.readers.isolated import read_file
from crmcli.importers.readers.options import ReadOptions
for sheet in read_file(Path(sys.argv[1]), ReadOptions(known_headers=known_headers())):
    assert sum(len(block.rows) for block in sheet.blocks()) == int(sys.argv[2]), sheet.count
"""
PANDAS_XLSX = "import sys, pandas; assert len(pandas.read_excel(sys.argv[1])) == int(sys.argv[2])"
PANDAS_CSV = """
import sys, pandas
assert len(pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False, encoding="gb18030")) == int(sys.argv[2])
"""
BARE_CSV = """
import csv, sys
with open(sys.argv[1], encoding="gb18030", newline="") as file:
    assert sum(1 for _row in csv.reader(file)) == int(sys.argv[2]) + 1
"""
HEADERS = (
    "客户编号", "客户名称", "联系人", "手机", "邮箱", "省份", "城市", "详细地址", "客户行业", "客户来源",
    "负责人", "客户级别", "金额", "预计成交日期", "创建时间", "备注", "标签", "微信", "职务", "官网",
)  # fmt: skip


def made_up_rows(count: int) -> Iterator[list[str | float]]:
    """Yield `count` rows of 20 cells: about half of the columns differ in every row, the others repeat."""
    dice = random.Random(7)
    for number in range(count):
        city, person, n = dice.choice("京沪广深杭苏宁蓉"), dice.choice("王李张刘陈杨黄赵"), dice.randrange(10**8)
        yield [
            f"K{number:07d}", f"{city}{chr(0x4E00 + n % 8000)}{n % 99_991}科技有限公司", f"{person}先生", f"138{n:08d}",
            f"u{n}@example.com", f"{city}省", f"{city}市", f"{city}市人民路{n % 999}号", "制造业", "官网",
            f"{person}经理", "ABC"[n % 3], n % 1_000_000 / 100, f"2026-0{1 + n % 9}-1{n % 10}",
            f"2025-0{1 + n % 9}-1{n % 10} 10:00:0{n % 10}", f"备注{n % 500}", "重点;老客户", f"wx{n}", "经理",
            f"https://www.e{n % 100}.com",
        ]  # fmt: skip


def write_csv(path: Path, rows: int) -> None:
    """Write the made-up rows as GB18030 text."""
    with path.open("w", newline="", encoding="gb18030") as file:
        csv.writer(file).writerows(chain([HEADERS], made_up_rows(rows)))


def write_xlsx(path: Path, rows: int) -> None:
    """Write the made-up rows as a workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    for row in chain([HEADERS], made_up_rows(rows)):
        sheet.append(row)
    book.save(path)


def timed(code: str, path: Path, rows: int) -> tuple[float, float]:
    """Return (seconds of a whole process, its peak in MB)."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code + PEAK, str(path), str(rows)], check=True, capture_output=True, text=True
    )
    return time.perf_counter() - started, float(done.stdout)


def compare(path: Path, rows: int, readers: dict[str, str]) -> None:
    """Time the readers in turn, several rounds, and print medians and how often crmcli's time the others take."""
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in readers}
    for _round in range(ROUNDS):
        for name, code in readers.items():
            figures[name].append(timed(code, path, rows))
    ours = statistics.median(seconds for seconds, _mb in figures["crmcli"])
    print(f"{path.name}: {rows} rows x {len(HEADERS)}, {path.stat().st_size / 1e6:.0f} MB, {ROUNDS} rounds")
    for name, found in figures.items():
        seconds, peak_mb = (statistics.median(values) for values in zip(*found, strict=True))
        print(f"  {name:22} {seconds:7.2f} s  {seconds / ours:5.2f} of crmcli's time  {peak_mb:6.0f} MB")


def main() -> None:
    """Make the files and compare."""
    xlsx_rows, csv_rows = (int(sys.argv[place]) if len(sys.argv) > place else rows for place, rows in DEFAULTS)
    with tempfile.TemporaryDirectory() as name:
        book, text = Path(name, "customers.xlsx"), Path(name, "customers.csv")
        write_xlsx(book, xlsx_rows)
        compare(book, xlsx_rows, {"crmcli": CRMCLI, "pandas.read_excel": PANDAS_XLSX})
        write_csv(text, csv_rows)
        compare(text, csv_rows, {"crmcli": CRMCLI, "pandas.read_csv": PANDAS_CSV, "csv.reader alone": BARE_CSV})


DEFAULTS = ((1, 3_000), (2, 100_000))

if __name__ == "__main__":
    main()
