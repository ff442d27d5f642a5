"""`dedupe file` against Splink 4 on the same made-up customers: time, memory and F1 of whole processes, in one run.

Usage: python benchmarks/dedupe_speed.py [ROWS ...] [--reasons] [--crowded] [--no-peer]     (default 10000 100000)

Csv in, labels out. The figures are synthetic: the customers are made by ../shared/tools/make_customers.py where that
is at hand, else here. Splink is installed into an environment of its own in a temporary folder; where it cannot be,
it is left out by name. --crowded also times lists in which 20,000 firms share one brand and 5,000 one switchboard.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import site
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
MAKER = ROOT.parent / "shared" / "tools" / "make_customers.py"
PEER = ROOT / "benchmarks" / "splink_peer.py"
HEADERS = ["id", "gold", "company", "contact", "phone", "tel", "email", "address"]
PLACES = ["上海", "北京", "广州", "深圳", "杭州", "成都", "武汉", "南京", "苏州", "青岛", "长沙", "宁波"]
SIGNS = "鼎信恒泰华盛宏瑞博远金嘉天汇创联达通源丰安康诚科益佳美乐优百德亿利顺兴旺隆昌荣光辉耀明星"
TRADES = [
    "智能科技",
    "信息技术",
    "电子商务",
    "机械设备",
    "环保工程",
    "贸易",
    "物流",
    "文化传媒",
    "建筑工程",
    "食品",
    "家具",
    "印刷",
]
PEOPLE = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂"
SHARED_BRAND, SHARED_PHONE = 20_000, 5_000
TARGETS = "targets: time 0.30 (with reasons 0.40), memory 0.50, F1 +0.010"


class Run(NamedTuple):
    """What one process took: seconds, peak MB of it and its children together, and its output's last line."""

    seconds: float
    peak_mb: float
    said: str


def make(path: Path, rows: int) -> None:
    """Write a list of customers with known duplicates (column gold)."""
    if MAKER.exists():
        subprocess.run([sys.executable, str(MAKER), str(rows), "7", str(path)], check=True)
        return
    dice = random.Random(7)
    made = [_customer(dice, number) for number in range(rows * 17 // 20)]
    made += [_written_again(dice, dice.choice(made)) for _ in range(rows - len(made))]
    dice.shuffle(made)
    _write(path, made)


def _customer(dice: random.Random, number: int) -> list[str]:
    place, brand = dice.choice(PLACES), "".join(dice.sample(SIGNS, dice.choice((2, 2, 3))))
    person = dice.choice("王李张刘陈杨黄赵吴周") + "".join(dice.sample(PEOPLE, 2))
    name = f"{place}{brand}{dice.choice(TRADES)}有限公司"
    street = f"{place}市人民路{dice.randrange(1, 2000)}号"
    return [str(number), name, person, f"1{dice.randrange(3 * 10**9, 10**10)}", "", "", street]


def _written_again(dice: random.Random, row: list[str]) -> list[str]:
    gold, name, person, phone, _, _, street = row
    short = dice.choice((name, name[2:], name.removesuffix("有限公司"), name.replace("有限", "有限责任")))
    number = dice.choice((phone, f"+86 {phone}", f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", ""))
    return [gold, short, dice.choice((person, person[0] + "总", "")), number, "", "", dice.choice((street, ""))]


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADERS)
        out.writerows([number, *row] for number, row in enumerate(rows))


def crowd(source: Path, path: Path) -> None:
    """Write the customers with one brand for many of them and one switchboard for some."""
    dice = random.Random(11)
    with source.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    firms = [row for row in rows if row[2]]
    for row in firms[:SHARED_BRAND]:
        row[2] = f"{dice.choice(PLACES)}鼎信{dice.choice(TRADES)}有限公司"
    for row in firms[-SHARED_PHONE:]:
        row[5] = "021-62345678"
    _write(path, [row[1:] for row in rows])


def timed(command: list[str], folder: Path) -> Run:
    """Return what a process took.

    Raises:
        CalledProcessError: it failed.
    """
    started = time.perf_counter()
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / "said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, env=env, start_new_session=True)
        peak = _Peak(process.pid)
        code = process.wait()
        seconds = time.perf_counter() - started
        said.seek(0)
        text = said.read()
    if code not in (0, 3):  # 3: there is something to look at
        raise subprocess.CalledProcessError(code, command, text[-2000:])
    return Run(seconds, peak.stop(), (text.splitlines() or [""])[-1])


class _Peak:
    """Looks ten times a second how much memory a session's processes use together; nothing where there is no /proc."""

    def __init__(self, session: int) -> None:
        self._session, self._pages, self._over = str(session), 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self._pages = max(self._pages, sum(map(self._pages_of, Path("/proc").glob("[0-9]*/stat"))))

    def _pages_of(self, stat: Path) -> int:
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return 0
        return int(fields[21]) if fields[3] == self._session else 0

    def stop(self) -> float:
        """Return the peak in MB."""
        self._over.set()
        self._thread.join()
        return self._pages * (os.sysconf("SC_PAGE_SIZE") if self._pages else 0) / 1e6


def f1(gold: Path, labels: Path, column: str) -> float:
    """Return the pairwise F1 of the labels."""
    with labels.open(encoding="utf-8-sig", newline="") as file:
        found = {row["id"]: row[column] for row in csv.DictReader(file)}
    with gold.open(encoding="utf-8", newline="") as file:
        both = [(row["gold"], found.get(row["id"]) or f"alone {row['id']}") for row in csv.DictReader(file)]
    agreed = _pairs(Counter(both))
    true, said = (_pairs(Counter(label)) for label in zip(*both, strict=True))
    return 2 * agreed / max(true + said, 1)


def _pairs(sizes: Counter[object]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


def splink(folder: Path) -> Path | None:
    """Return a Python that has Splink 4 and this project's packages; None, said aloud, where it cannot be had."""
    home = folder / "splink"
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = subprocess.run([python, "-m", "pip", "install", "-q", "splink>=4,<5"], capture_output=True, check=False)
    if done.returncode:
        print("Splink 4 is left out: it cannot be installed here", file=sys.stderr)
        return None
    packages = subprocess.run(
        [python, "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, text=True, check=True
    )
    (Path(packages.stdout.strip()) / "borrowed.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return python


def ours(source: Path, out: Path, *more: str) -> Run:
    """Return what `dedupe file` took."""
    command = [sys.executable, "-m", "crmcli", "dedupe", "file", str(source), "--out", str(out), "--id", "id", "--yes"]
    return timed([*command, *more], source.parent)


def report(rows: int, folder: Path, python: Path | None, *, reasons: bool) -> None:
    """Print the lines of one size."""
    source, mine, theirs = folder / f"{rows}.csv", folder / "ours.csv", folder / "splink.csv"
    make(source, rows)
    runs = {"crmcli": ours(source, mine)}
    if reasons:
        runs["crmcli --reasons"] = ours(source, mine, "--reasons")
    peer = timed([str(python), str(PEER), str(source), str(theirs)], folder) if python else None
    certain, doubtful = (f1(source, mine, column) for column in ("cluster_id", "review_group"))
    best = f1(source, theirs, "cluster_id") if peer else 0.0
    for name, run in runs.items():
        ratios = f"{run.seconds / peer.seconds:9.2f} {run.peak_mb / peer.peak_mb:9.2f}" if peer else ""
        print(f"{rows:>9,} {name:<17} {run.seconds:8.1f} {run.peak_mb:8.0f} {certain:6.3f} {ratios}")
    if peer:
        print(f"{rows:>9,} {'Splink 4':<17} {peer.seconds:8.1f} {peer.peak_mb:8.0f} {best:6.3f}   ({peer.said} s)")
    print(f"{rows:>9,} F1 of what is sure {certain:.3f}, with what is to be reviewed {doubtful:.3f}", flush=True)


def report_crowded(rows: int, folder: Path) -> None:
    """Print how much longer a crowded list takes than a plain one of the same size."""
    plain, crowded = folder / "plain.csv", folder / "crowded.csv"
    make(plain, rows)
    crowd(plain, crowded)
    first, second = (ours(path, folder / "out.csv").seconds for path in (plain, crowded))
    print(f"{rows:>9,} crowded {second:.1f} s, plain {first:.1f} s: {second / first:.2f} times (target 2.00)")


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("rows", nargs="*", type=int, default=[10_000, 100_000])
    for flag in ("--reasons", "--crowded", "--no-peer"):
        arguments.add_argument(flag, action="store_true")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = None if asked.no_peer else splink(folder)
        print(f"{'rows':>9} {'':<17} {'seconds':>8} {'peak MB':>8} {'F1':>6} {'time':>9} {'memory':>9}   {TARGETS}")
        for rows in asked.rows:
            report(rows, folder, python, reasons=asked.reasons)
        if asked.crowded:
            report_crowded(max(100_000, min(asked.rows)), folder)


if __name__ == "__main__":
    main()
