"""Splink 4 on the same rows after the same normaliser, whole process: csv in, labels out. Run by dedupe_speed.py.

Usage: python benchmarks/splink_peer.py IN.csv OUT.csv

What Splink is given is what crmcli compares: brand, trade and place of the name, contact, phones, mail, road, number.
The set-up follows Splink's own guides: u by random sampling, m by expectation maximisation, term frequencies, 0.9 as
the threshold. It says on its last line how many seconds the normaliser took.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import splink.comparison_level_library as level
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison

from crmcli.domain.values.phone import parse_phones
from crmcli.matching.features import Field, features_of
from crmcli.matching.records import MatchBatch

THRESHOLD = 0.9
BLOCKS: tuple[tuple[str, ...], ...] = (
    *(("mobile",), ("tel",), ("email",), ("brand", "trade"), ("brand", "place"), ("brand", "contact")),
    *(("road", "number"), ("contact", "road")),
)


def texts(field: Field) -> Any:
    """Return the field's text of each record, None where it is unknown."""
    return np.array([*field.values, None], dtype=object)[field.codes]


def first_phone(text: str) -> str | None:
    """Return the first number of a cell."""
    found = parse_phones(text) if text else None
    return found[0].partition(";")[0] if isinstance(found, list) else None


def normalised(path: str) -> pd.DataFrame:
    """Return the columns that are compared."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    ids, _, names, contacts, phones, tels, mails, addresses = (list(column) for column in zip(*rows, strict=True))
    f = features_of(MatchBatch(ids, names, contacts=contacts, emails=mails, addresses=addresses))
    columns = {"id": ids, "brand": texts(f.brand), "trade": texts(f.trade), "place": texts(f.seat)}
    columns |= {"contact": texts(f.contact), "email": texts(f.email), "road": texts(f.road), "number": texts(f.number)}
    columns |= {"mobile": [*map(first_phone, phones)], "tel": [*map(first_phone, tels)]}
    return pd.DataFrame(columns)


def comparison(column: str, *between: Any, frequent: bool = False) -> CustomComparison:
    """Return how a column is compared: unknown, the same, what is between, else."""
    same = level.ExactMatchLevel(column)
    same = same.configure(tf_adjustment_column=column) if frequent else same
    return CustomComparison(
        output_column_name=column,
        comparison_levels=[level.NullLevel(column), same, *between, level.ElseLevel()],
    )


def settings() -> SettingsCreator:
    """Return the set-up."""
    begins = level.CustomLevel("starts_with(trade_l, trade_r) or starts_with(trade_r, trade_l)")
    surname = level.CustomLevel("substr(contact_l, 1, 1) = substr(contact_r, 1, 1)")
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            comparison("brand", level.LevenshteinLevel("brand", 1), frequent=True),
            comparison("trade", begins, frequent=True),
            comparison("place"),
            comparison("contact", surname, frequent=True),
            comparison("mobile", level.LevenshteinLevel("mobile", 1)),
            comparison("tel"),
            comparison("email"),
            comparison("road", frequent=True),
            comparison("number"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def main() -> None:
    """Label the rows."""
    source, out = sys.argv[1:3]
    started = time.perf_counter()
    frame = normalised(source)
    spent = time.perf_counter() - started
    linker = Linker(frame, settings(), DuckDBAPI())
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("mobile"), block_on("email")], recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    training.estimate_parameters_using_expectation_maximisation(block_on("mobile"))
    training.estimate_parameters_using_expectation_maximisation(block_on("brand", "trade"))
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=THRESHOLD)
    clusters.as_pandas_dataframe()[["id", "cluster_id"]].to_csv(out, index=False)
    print(f"normaliser {spent:.2f}")


if __name__ == "__main__":
    main()
