"""Reading polluted csv files as they were meant: crmcli against csv.Sniffer, and CleverCSV where it is installed.

Usage: python benchmarks/csv_dialects.py

The files and their right answers are those of tests/importers/conftest.py. The others are told the encoding, and read
with the dialect that they find. `silent` counts files with a wrong cell in a line that nothing names.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "importers"))

from crmcli.domain.fields import known_headers, normalise_header  # noqa: E402 - the path comes first
from crmcli.importers.readers.failures import FileNotReadable  # noqa: E402
from crmcli.importers.readers.text import text_grid  # noqa: E402
from crmcli.importers.tables.stacked import tables_in  # noqa: E402

Rows = dict[int, list[str]]
Answer = tuple[Rows, set[int], bool]  # rows by line, lines that are named as not safe, whether the file is refused
KNOWN = known_headers()


def is_known(text: str) -> bool:
    return normalise_header(text) in KNOWN


def crmcli_rows(_file: Any, path: Path) -> Answer:
    """Read with the reader alone: a line that is longer than the header is for the table to reject."""
    try:
        grid = text_grid(path, None, is_known)
        rows = dict(grid.rows)
    except FileNotReadable:
        return {}, set(), True
    return rows, {odd.row for odd in grid.rejected}, False


def crmcli_tables(file: Any, path: Path) -> Answer:
    """Read table by table; what is rejected, set aside or named in a note is named."""
    rows: Rows = {}
    named: set[int] = set()
    try:
        for part in tables_in(text_grid(path, None, is_known), is_known):
            own = dict(part.rows)
            width = next(len(cells) for line, cells in own.items() if not file.headers or line in file.headers)
            longer = {line for line, cells in own.items() if any(cells[width:])}
            rows |= {line: cells for line, cells in own.items() if line not in longer}
            named |= longer | {odd.row for odd in [*part.rejected, *part.skipped]}
            named |= {int(n) for note in part.notes for n in str(note.args.get("rows", "")).split(",") if n.strip()}
    except FileNotReadable:
        return {}, set(), True
    return rows, named, False


def rows_by(sniff: Callable[[str], Any]) -> Callable[[Any, Path], Answer]:
    def read(file: Any, _path: Path) -> Answer:
        text = file.content.decode(file.encoding, "replace").replace("\x00", "").removeprefix("\ufeff")
        lines = io.StringIO(text, newline="")
        try:
            reader = csv.reader(lines, sniff(text[:100_000]))
        except (csv.Error, TypeError, AttributeError):  # it found none
            reader = csv.reader(lines)
        rows: Rows = {}
        start = 1
        try:
            for row in reader:
                rows[start], start = row, reader.line_num + 1
        except csv.Error:
            pass
        return rows, set(), False

    return read


def readers() -> dict[str, Callable[[Any, Path], Answer]]:
    found: dict[str, Callable[[Any, Path], Answer]] = {
        "crmcli, rows": crmcli_rows,
        "crmcli, tables": crmcli_tables,
        "csv.Sniffer": rows_by(csv.Sniffer().sniff),
    }
    if find_spec("clevercsv"):
        clever = import_module("clevercsv").Detector()
        found["CleverCSV"] = rows_by(lambda text: clever.detect(text).to_csv_dialect())
    return found


def main() -> None:
    """Print, for each reader, the mean F1 over cells and how many files are silently wrong."""
    answers = import_module("conftest")
    files = answers.polluted_files()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        for name, read in readers().items():
            scores, silent, started = [], 0, time.perf_counter()
            for file in files:
                path.write_bytes(file.content)
                rows, named, refused = read(file, path)
                right = refused and file.refused
                aside = file.around if name == "crmcli, tables" else set()
                wanted = {line: cells for line, cells in file.rows.items() if line not in aside or line in rows}
                scores.append(1.0 if right else answers.cell_f1(wanted, rows))
                silent += not refused and bool(answers.wrong_lines(wanted, rows) - named)
            seconds = time.perf_counter() - started
            mean = sum(scores) / len(scores)
            print(f"{name:15} cell F1 {mean:.4f}, silently wrong {silent:3} of {len(files)}, {seconds:.1f} s")


if __name__ == "__main__":
    main()
