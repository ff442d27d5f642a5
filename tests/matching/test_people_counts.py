from __future__ import annotations

from dataclasses import replace

from crmcli.matching.people_counts import NOBODY, ONE_PERSON, USUAL_REPEATS, people_counts
from crmcli.matching.records import MatchBatch


def people(*rows: tuple[str, str, str]) -> MatchBatch:
    """Make a batch of (given name, surname, date of birth)."""
    given, surnames, births = (list(column) for column in zip(*rows, strict=True))
    return MatchBatch(
        [*map(str, range(len(rows)))], [""] * len(rows), given_names=given, surnames=surnames, births=births
    )


def test_what_one_person_may_have_several_times_is_not_counted() -> None:
    found = people_counts(people(*[("Mary", f"Smith{i}", "") for i in range(ONE_PERSON + 1)], ("Zelda", "Quark", "")))
    assert (found.people, dict(found.given), dict(found.surnames)) == (ONE_PERSON + 2, {"mary": ONE_PERSON + 1}, {})


def test_repeats_are_pairs_that_agree_in_two_things_a_person() -> None:
    once = [(f"Given{i}", f"Name{i}", f"19{40 + i}-01-02") for i in range(10)]
    assert people_counts(people(*once)).repeats < USUAL_REPEATS
    assert people_counts(people(*once, *once[:4])).repeats == 2 * 4 / 14


def test_pairs_that_are_written_differently_are_reckoned_with() -> None:
    pairs = 40
    slip = {name: [i % 4 == at for i in range(pairs)] for at, name in enumerate(("given", "surname"))}
    second = [
        (f"Given{i}" + "x" * slip["given"][i], f"Name{i}" + "x" * slip["surname"][i], f"19{40 + i}-01-02")
        for i in range(pairs)
    ]
    first = [(f"Given{i}", f"Name{i}", f"19{40 + i}-01-02") for i in range(pairs)]
    mails = [f"m{i}@x.com" for i in range(pairs)] * 2
    found = people_counts(replace(people(*first, *second), emails=mails)).repeats
    assert 0.5 * 0.9 < found < 0.5 * 1.2


def test_records_without_people_have_no_counts() -> None:
    assert people_counts(MatchBatch(["1"], ["鼎信物流"])) == NOBODY
