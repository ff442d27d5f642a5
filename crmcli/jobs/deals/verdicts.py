"""What a manager decides on a collision: recorded with what was known, and carried out only where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.domain.collisions import Collision
from crmcli.domain.records import ENTITIES, Record, parse_number, record_number
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.deals.owner import Giving, give_deals
from crmcli.jobs.owners.collisions import Found, collisions
from crmcli.jobs.owners.holding import Handing, hold_all
from crmcli.jobs.vocabulary import owner_names
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import chunks, fetch, fetch_where


class NoCollision(CrmError):
    """Nobody collides under that key."""

    code = "collision.unknown"

    def __init__(self, key: str) -> None:
        super().__init__(
            msg("there is no collision {key}", key=key), hint=msg("`crmcli collision list --all` lists the keys")
        )


class NoSuchWinner(CrmError):
    """The winner of a verdict is no owner."""

    code = "collision.owner"

    def __init__(self, key: str, owner: str, sides: Sequence[str]) -> None:
        hint = msg("the owners in it are {owners}", owners=list(sides))
        super().__init__(msg("nobody is known as the owner {who}", who=owner), where=key, hint=hint)


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict: `moved` are the records that it gave to the winner; `run` is None for a dry run."""

    run: str | None
    key: str
    owner: str
    moved: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"run": self.run, "key": self.key, "owner": self.owner, "moved": list(self.moved)}


def decide_collision(
    workspace: Workspace, key: str, owner: str, *, note: str = "", transfer: bool = False, dry_run: bool = False
) -> Decided:
    """Return the verdict that `owner` has it; `transfer` gives them the customers and open deals that collide.

    Raises:
        NoCollision: there is none under that key.
        NoSuchWinner: nobody is known by that name.
    """
    with open_run(workspace.db, workspace.start("verdict", dry_run=dry_run)) as run:
        known = collisions(workspace, decided=True)
        found = next((one for one in known if fold(one.collision.subject) == fold(key)), None)
        if found is None:
            raise NoCollision(key)
        winner = _winner(workspace, found.collision, owner)
        moved = _move(workspace, run, found.collision, winner) if transfer else ()
        run.insert("verdict", [_verdict(workspace, run, found, winner, note)])
        run.counts["decided"] = 1
    return Decided(run.shown_id, found.collision.subject, winner, moved)


def _winner(workspace: Workspace, collision: Collision, owner: str) -> str:
    sides = {fold(side.owner): side.owner for side in collision.sides}
    known = (owner_names(workspace) | sides).get(fold(owner))
    if known is None:
        raise NoSuchWinner(collision.subject, owner, list(sides.values()))
    return known


def _verdict(workspace: Workspace, run: Run, found: Found, winner: str, note: str) -> Record:
    told = found.document()
    return ENTITIES["verdict"].blank() | {
        "kind": "collision",
        "subject": found.collision.subject,
        "owner": winner,
        "decided_at": run.started,
        "decided_by": workspace.actor,
        "note": note or None,
        "records": [customer["id"] for customer in told["customers"]],
        "evidence": {
            "facts": sorted(list(fact) for fact in found.collision.facts),
            "sides": told["sides"],
            "suggestion": told["suggestion"],
        },
    }


def _move(workspace: Workspace, run: Run, collision: Collision, winner: str) -> tuple[str, ...]:
    """Give the winner what collides: deals of one product (b), else the customers and the other side's open deals."""
    if collision.hint_only:
        return ()
    reason = msg("verdict on the collision {key}", key=collision.subject)
    others = {fold(side.owner) for side in collision.sides} - {fold(winner)}
    numbers = [parse_number(record) for side in collision.sides for record in side.records]
    moved: list[str] = []
    if collision.kind == "b":
        deals = list(fetch(run.db, "opportunity", [number[1] for number in numbers if number]).values())
        deals = [deal for deal in deals if deal["status"] == "open"]
    else:
        customers = fetch(run.db, "customer", collision.customers).values()
        given = [one for one in customers if not one["merged_into"] and fold(one["owner"] or "") != fold(winner)]
        hold_all(run, [Handing(one, winner, None, workspace.actor, "verdict", reason) for one in given])
        moved += [record_number("customer", one["id"]) for one in given]
        deals = _open_deals(run, collision.customers)
    lost = [deal for deal in deals if fold(deal["owner"] or "") in others]
    give_deals(run, [Giving(deal, winner, None, workspace.actor, "person") for deal in lost])
    return (*moved, *(record_number("opportunity", deal["id"]) for deal in lost))


def _open_deals(run: Run, customers: Sequence[int]) -> list[Record]:
    found: list[Record] = []
    for part in chunks(customers):
        marks = ",".join("?" * len(part))
        found += fetch_where(run.db, "opportunity", f"status = 'open' AND customer_id IN ({marks})", part)
    return found
