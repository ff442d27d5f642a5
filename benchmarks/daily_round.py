"""`crmcli run daily`, whole process, on a workspace of made-up customers, opportunities and follow-ups.

Usage: python benchmarks/daily_round.py [CUSTOMERS]     (default 20000; two opportunities and three follow-ups each)

Every step has work: a tenth of the opportunities has no owner, all are graded, customers fall into the pool, and
reminders are due. There is no peer that does the same work; sqlite3's own backup of the same file is timed beside
it, for the round writes, checks and reads that much at least. The second round, killed after two seconds and called
again, must leave the same state as one that was not.
"""

from __future__ import annotations

import csv
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

# customers count from their import, which is now: the round is of a day when time has passed
TODAY = date.today() + timedelta(150)  # noqa: DTZ011 (a made-up day)
STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判")
ENDS = ("赢单", "输单")
SETTINGS = """
[[pool]]
name = "公海"
recycle = {no_follow_up_days = 90, no_opportunity_days = 120}
protect = ["locked"]

[assign]
holidays = "CN"
[[assign.rule]]
name = "华东"
when = {province = ["上海", "江苏"]}
to = {team = "华东"}
strategy = "weighted"
[[assign.rule]]
name = "其余"
to = "*"
strategy = "least_load"

[[grade.rule]]
when = {amount = ">= 200000"}
points = 40
[[grade.rule]]
when = {industry = "制造业"}
points = 30

[remind]
silent_days = 60
"""


def write_csv(path: Path, headers: str, rows: Iterable[Sequence[object]]) -> None:
    """Write rows under headers that are parted by blanks."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(headers.split())
        out.writerows(rows)


def make(folder: Path, customers: int) -> None:
    """Write settings and three csv files of a made-up company of 20 salespeople."""
    dice = random.Random(11)
    people = [f"销售{number}" for number in range(20)]
    owners = (f'[[owner]]\nname = "{who}"\nteam = "{"华东" if n % 2 else "华南"}"\n' for n, who in enumerate(people))
    (folder / "crm.toml").write_text(SETTINGS + "\n".join(owners), encoding="utf-8")

    def day(back: int) -> date:
        return TODAY - timedelta(dice.randrange(back))

    places = (("上海", "上海"), ("江苏", "苏州"), ("广东", "深圳"))
    write_csv(
        folder / "1-customers.csv",
        "客户编号 客户名称 客户级别 行业 省份 城市 负责人 创建时间",
        (
            (f"K{n}", f"{dice.choice('甲乙丙丁')}{n}机械有限公司", dice.choice("ABC"), dice.choice(("制造业", "物流")),
             *dice.choice(places), dice.choice(people), day(900))
            for n in range(customers)
        ),
    )  # fmt: skip
    write_csv(
        folder / "2-deals.csv",
        "商机编号 商机名称 客户编号 客户名称 商机金额 阶段 商机负责人 预计成交日期 商机创建时间 下次跟进时间 丢单原因",
        (_deal(dice, n, customers, people) for n in range(2 * customers)),
    )


def _deal(dice: random.Random, n: int, customers: int, people: list[str]) -> Sequence[object]:
    stage = dice.choice(STAGES) if dice.random() < 0.4 else dice.choice(ENDS)
    owner = "" if dice.random() < 0.1 else dice.choice(people)
    made = TODAY - timedelta(dice.randrange(400))
    reason = "价格" if stage == "输单" else ""
    ahead = TODAY + timedelta(dice.randrange(-60, 90))
    return (f"SJ{n}", f"商机{n}", f"K{n % customers}", "", dice.randrange(1, 50) * 10000, stage, owner, ahead, made,
            made + timedelta(dice.randrange(200)), reason)  # fmt: skip


def follow_ups(db: Path, customers: int) -> None:
    """Add follow-ups of people, three a customer, straight into the table: their import is measured elsewhere."""
    dice = random.Random(12)
    days = [f"{TODAY - timedelta(back)}T10:00:00+08:00" for back in range(300)]
    with sqlite3.connect(db) as connection:
        connection.executemany(
            "INSERT INTO activity (customer_id, type, at, by, text, origin, extra)"
            " VALUES (?, '电话', ?, '销售1', '沟通', 'human', '{}')",
            ((1 + dice.randrange(customers), dice.choice(days)) for _ in range(3 * customers)),
        )


def crm(folder: Path, *arguments: str, seconds: float | None = None) -> int:
    """Return the exit code of a command line, killed after so many seconds."""
    with subprocess.Popen(
        [sys.executable, "-m", "crmcli", *arguments, "--quiet"], cwd=folder, stdout=subprocess.DEVNULL
    ) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def figures(db: Path) -> list[object]:
    """Return what the round leaves: owners, pools and grades, and the snapshot."""
    with sqlite3.connect(db) as connection:
        return [
            connection.execute(sql).fetchall()
            for sql in (
                "SELECT id, owner, pool, grade FROM opportunity ORDER BY id",
                "SELECT id, owner, pool FROM customer ORDER BY id",
                "SELECT day, figures FROM snapshot",
            )
        ]


def main() -> None:
    """Print how long a round takes, its peak memory, and whether a killed one ends alike."""
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "one"
        folder.mkdir()
        crm(folder, "init", ".")
        make(folder, customers)
        crm(folder, "import", "1-customers.csv", "2-deals.csv")
        follow_ups(folder / "crm.db", customers)
        other = Path(place) / "two"
        shutil.copytree(folder, other)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        code = crm(folder, "run", "daily", "--as-of", f"{TODAY}T06:00:00+08:00")
        seconds = time.perf_counter() - started
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        with sqlite3.connect(folder / "crm.db") as source, sqlite3.connect(Path(place) / "copy.db") as copy:
            source.backup(copy)
        copied = time.perf_counter() - started
        cpu = spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime
        print(f"{customers:,} customers, {2 * customers:,} opportunities, {3 * customers:,} follow-ups: exit {code}")
        print(f"run daily {seconds:.1f} s ({cpu:.1f} s of processor)")
        print(f"peak of it and of the import before it {spent.ru_maxrss / 1024:,.0f} MB")
        print(f"a bare copy of the file {copied:.2f} s: ratio {seconds / copied:.0f}")
        crm(other, "run", "daily", "--as-of", f"{TODAY}T06:00:00+08:00", seconds=seconds / 2)
        crm(other, "run", "daily", "--as-of", f"{TODAY}T06:00:00+08:00")
        same = figures(folder / "crm.db") == figures(other / "crm.db")
        print("killed half-way and called again: " + ("the same end" if same else "ANOTHER END"))
        if not same:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
