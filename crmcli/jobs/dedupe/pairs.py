"""Pairs of customers that may be one: what the matcher found, told with reasons, and what a person decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.runs import IMPORT
from crmcli.i18n import Message, msg
from crmcli.jobs.dedupe.candidates import Candidates, pair_ids
from crmcli.matching.explain import Explanation, explain_all
from crmcli.matching.find import FORCED_SCORE, PairTable
from crmcli.matching.model import AUTO_WEIGHT
from crmcli.store.database import Database
from crmcli.store.journal import Run
from crmcli.store.records import fetch_where

Pair = tuple[int, int]
Reason = dict[str, Any]
# what keeps a pair that an import noted in front of a person, whatever its score
_NOTED = {("phone", "mobile same"), ("phone", "landline same"), ("name", "identical")}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the matcher says of two customers: tier, score 0-100, and its reasons as they are stored."""

    tier: str
    score: float
    reasons: list[Reason]


def findings_of(candidates: Candidates, pairs: Sequence[tuple[Pair, Pair]]) -> dict[Pair, Finding]:
    """Return pair of customers -> finding, for (pair of customers, pair of records whose comparison speaks for it)."""
    told = explain_all(candidates.batch, [pair_ids(*records) for _, records in pairs], candidates.model)
    return {
        pair: _with_alias(as_finding(explanation), candidates.joined.get(records))
        for (pair, records), explanation in zip(pairs, told, strict=True)
    }


def _with_alias(finding: Finding, names: tuple[str, str] | None) -> Finding:
    """Return a finding with the alias that joins the two as its first reason."""
    if names is None:
        return finding
    told = msg("by an alias {a} means {b}", a=names[0], b=names[1])
    reason = {"field": "alias", "level": "joined", "weight": AUTO_WEIGHT, "text": told.text, "args": told.args}
    return Finding("auto", FORCED_SCORE, [reason, *finding.reasons])


def as_finding(told: Explanation, tier: str = "") -> Finding:
    """Return an explanation in the form in which it is stored, under `tier` where the cluster says otherwise."""
    reasons = [
        {"field": r.field, "level": r.level, "weight": r.weight, "text": r.message.text, "args": r.message.args}
        for r in told.reasons
    ]
    return Finding(tier or told.tier, told.score, reasons)


def reason_in_words(reason: Reason) -> str:
    """Return a stored reason as a sentence."""
    return str(Message(reason["text"], reason["args"]))


def open_table(candidates: Candidates, table: PairTable) -> dict[Pair, tuple[str, Pair]]:
    """Return pair of unmerged customers -> (tier, the pair of records with the best score), of the matcher's pairs.

    The pairs come best score first, so the first that speaks for two customers is the best.
    """
    best: dict[Pair, tuple[str, Pair]] = {}
    for a, b, tier in zip(table.a, table.b, table.tier, strict=True):
        records = (int(a), int(b))
        first, second = sorted(candidates.survivor[number] for number in records)
        if first != second:
            best.setdefault((first, second), (tier, records))
    return best


def store_pairs(run: Run, candidates: Candidates, found: Mapping[Pair, tuple[str, Pair]]) -> None:
    """Store what was found; known pairs are brought up to date, decided ones left as they are."""
    stored = {(row["a_id"], row["b_id"]): row for row in fetch_where(run.db, "pair")}
    alive = set(candidates.unmerged)
    stale = [
        pair for pair, row in stored.items() if pair not in found and alive.issuperset(pair) and not row["decision"]
    ]
    told = findings_of(
        candidates, [*((pair, records) for pair, (_, records) in found.items()), *((p, p) for p in stale)]
    )
    fresh: list[Record] = []
    noted = _noted_by_imports(run.db) if stale else frozenset()
    for pair, finding in told.items():
        tier = found[pair][0] if pair in found else _tier_of_stale(finding, noted=stored[pair]["id"] in noted)
        columns = {"tier": tier, "score": finding.score, "reasons": finding.reasons}
        row = stored.get(pair)
        if row is None:
            fresh.append(ENTITIES["pair"].blank() | {"a_id": pair[0], "b_id": pair[1]} | columns)
        elif not row["decision"]:
            run.update("pair", row, columns)
    run.insert("pair", fresh)
    store_relations(run, [pair for pair, (tier, _) in found.items() if tier == "related"])


def finding_of(db: Database, pair: Pair) -> Finding | None:
    """Return what is stored of two customers, None where nothing is."""
    stored = fetch_where(db, "pair", "a_id = ? AND b_id = ?", sorted(pair))
    if not stored or not stored[0]["reasons"]:
        return None
    return Finding(stored[0]["tier"], stored[0]["score"], stored[0]["reasons"])


def keep_finding(run: Run, pair: Pair, finding: Finding) -> None:
    """Keep why two customers are merged, on their pair."""
    a, b = sorted(pair)
    columns = {"tier": finding.tier, "score": finding.score, "reasons": finding.reasons}
    stored = fetch_where(run.db, "pair", "a_id = ? AND b_id = ?", (a, b))
    if stored:
        run.update("pair", stored[0], columns)
    else:
        run.insert("pair", [ENTITIES["pair"].blank() | {"a_id": a, "b_id": b} | columns])


def _noted_by_imports(db: Database) -> frozenset[int]:
    """Return the pairs that imports noted, not an earlier comparison."""
    sql = (
        "SELECT record_id FROM change JOIN run ON run.id = change.run_id"
        " WHERE entity = 'pair' AND op = 'create' AND run.kind IN (SELECT value FROM json_each(?))"
    )
    return frozenset(db.values(sql, (dumps(sorted(IMPORT)),)))


def _tier_of_stale(finding: Finding, *, noted: bool) -> str:
    """Return the tier of a pair that the matcher finds no more: one that an import noted waits while that holds."""
    holds = any((reason["field"], reason["level"]) in _NOTED for reason in finding.reasons)
    return "review" if noted and holds else "different"


def store_relations(run: Run, pairs: Iterable[Pair]) -> None:
    """Store that customers belong together and are different legal entities, each pair once."""
    known = {(row["a_id"], row["b_id"]) for row in fetch_where(run.db, "relation")}
    blank = ENTITIES["relation"].blank() | {"kind": "related"}
    run.insert("relation", [blank | {"a_id": a, "b_id": b} for a, b in pairs if (a, b) not in known])


def remember(run: Run, pair: Pair, decision: str, actor: str, finding: Finding | None = None) -> None:
    """Write a person's decision about two customers; "related" makes a relation, any other takes it away."""
    a, b = sorted(pair)
    stored = fetch_where(run.db, "pair", "a_id = ? AND b_id = ?", (a, b))
    columns: Record = {"decision": decision, "decided_by": actor, "decided_at": run.started}
    if stored and stored[0]["decision"] != decision:
        run.update("pair", stored[0], columns)
    elif not stored:
        said = finding or Finding("review", 0.0, [])
        columns |= {"a_id": a, "b_id": b, "tier": said.tier, "score": said.score, "reasons": said.reasons}
        run.insert("pair", [ENTITIES["pair"].blank() | columns])
    if decision == "related":
        store_relations(run, [(a, b)])
    else:
        for relation in fetch_where(run.db, "relation", "a_id = ? AND b_id = ?", (a, b)):
            run.remove("relation", relation)


def pairs_to_review(db: Database) -> list[Record]:
    """Return the pairs that wait for a person, best score first, those called unsure after all others."""
    alive = "(SELECT id FROM customer WHERE merged_into IS NULL)"
    undecided = "tier IN ('auto', 'review') AND coalesce(decision, 'unsure') = 'unsure'"
    rows = fetch_where(db, "pair", f"{undecided} AND a_id IN {alive} AND b_id IN {alive}")
    return sorted(rows, key=lambda row: (row["decision"] is not None, -(row["score"] or 0.0), row["id"]))
