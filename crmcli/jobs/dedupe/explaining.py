"""Why two customers are, or are not, one: the reasons of their pair with its score and what was decided."""

from __future__ import annotations

from dataclasses import dataclass

from crmcli.domain.records import Record, parse_number, record_number
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.dedupe.candidates import Candidates, load_candidates
from crmcli.jobs.dedupe.pairs import Finding, finding_of, findings_of
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.records import fetch, fetch_where


@dataclass(frozen=True, slots=True)
class PairExplained:
    """Two customers as stored, what the matcher says of them, the decision on them, and whether they are one already.

    `merged` is the number of the customer that both live on in, else None.
    """

    a: Record
    b: Record
    finding: Finding
    decision: str | None
    merged: str | None
    model: str


class OneCustomer(CrmError):
    """Both references mean one customer."""

    code = "explain.one_customer"

    def __init__(self, a: str, b: str, number: str) -> None:
        super().__init__(
            msg("{a} and {b} are both {number}", a=a, b=b, number=number),
            hint=msg("give the numbers of the two records, as in C3 C12, merged ones too"),
        )


def explain_pair(workspace: Workspace, a: str, b: str) -> PairExplained:
    """Return the reasons of a pair; of customers that others were merged into, those of their best-matching records.

    Raises:
        CrmError: a reference finds nothing or several, or both mean one customer.
    """
    db = workspace.db
    first, second = (_number(db, ref) for ref in (a, b))
    if first == second:
        raise OneCustomer(a, b, record_number("customer", first))
    first, second = sorted((first, second))
    candidates = load_candidates(db)
    stored = fetch_where(db, "pair", "a_id = ? AND b_id = ?", (first, second))
    alive = candidates.survivor[first], candidates.survivor[second]
    finding = finding_of(db, (first, second)) if alive[0] == alive[1] else None
    records = fetch(db, "customer", [first, second])
    return PairExplained(
        a=records[first],
        b=records[second],
        finding=finding or _best(candidates, first, second),
        decision=stored[0]["decision"] if stored else None,
        merged=record_number("customer", alive[0]) if alive[0] == alive[1] else None,
        model=candidates.model.version,
    )


def _number(db: Database, ref: str) -> int:
    number = parse_number(ref.upper())
    if number and number[0] == "customer" and fetch(db, "customer", [number[1]]):
        return number[1]
    return find_record(db, ref, ("customer",))[1]


def _best(candidates: Candidates, first: int, second: int) -> Finding:
    pairs = [
        (one, other) for one in candidates.among(first) or [first] for other in candidates.among(second) or [second]
    ]
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    told = findings_of(candidates, [(pair, pair) for pair in pairs])
    return max(told.values(), key=lambda finding: finding.score)
