"""What the matcher reaches on labelled names, printed as a table.

Usage: dedupe_names.py [LABELLED.csv [NEGATIVES.csv]]   (columns id, 客户名称, cluster; name_a, name_b)

Every figure is given for the whole file and for each half of its clusters. Misses were inspected in the first half
only, but the names of the whole file had been read before: the second half is a check on over-fitting, not unseen data.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from crmcli.matching.find import Duplicates, find_duplicates
from crmcli.matching.records import MatchBatch

GOLD = Path(__file__).parents[2] / "shared" / "gold"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pairs_within(labels: Sequence[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(labels).values())


def figures(gold: Sequence[str], found: Sequence[str]) -> tuple[float, float, float]:
    """Return pairwise precision, recall and F1 of one clustering against another."""
    both = pairs_within(list(zip(gold, found, strict=True)))
    predicted, true = pairs_within(found), pairs_within(gold)
    precision = both / predicted if predicted else 1.0
    recall = both / true if true else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def half_of(cluster: str) -> int:
    """Return which half, 0 or 1, a cluster belongs to."""
    return zlib.crc32(cluster.encode()) % 2


def show(label: str, rows: list[dict[str, str]], found: Duplicates) -> None:
    gold = [row["cluster"] for row in rows]
    for tier, labels in (("auto", found.cluster_ids), ("auto+review", found.review_groups)):
        precision, recall, f1 = figures(gold, labels)
        print(f"{label:10} {tier:12} precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}")


def negatives(rows: list[dict[str, str]], found: Duplicates, path: Path) -> tuple[int, int]:
    """Return how many pairs are known to be different, and how many of them were merged."""
    cluster = dict(zip((row["客户名称"] for row in rows), found.cluster_ids, strict=True))
    pairs = rows_of(path)
    return len(pairs), sum(cluster[p["name_a"]] == cluster[p["name_b"]] for p in pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="?", type=Path, default=GOLD / "zh_companies.csv")
    parser.add_argument("negatives", nargs="?", type=Path, default=GOLD / "zh_companies_hard_negatives.csv")
    arguments = parser.parse_args()
    rows = rows_of(arguments.labelled)
    halves = {"all": rows}
    for half, label in enumerate(("half 1", "half 2")):
        halves[label] = [row for row in rows if half_of(row["cluster"]) == half]
    started = time.perf_counter()
    for label, part in halves.items():
        found = find_duplicates(MatchBatch([r["id"] for r in part], [r["客户名称"] for r in part]))
        show(label, part, found)
        if label == "all":
            total, merged = negatives(part, found, arguments.negatives)
            print(f"{label:10} hard negatives {total}, merged {merged}")
    print(f"seconds {time.perf_counter() - started:.2f}")
    return 0 if merged == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
