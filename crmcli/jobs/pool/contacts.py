"""The contacts of customers that fall into a pool or come out of it: they have no owner there, then the claimer."""

from __future__ import annotations

from collections.abc import Mapping

from crmcli.domain.values.text import fold
from crmcli.store.journal import Run
from crmcli.store.records import chunks, fetch_where


def let_go(run: Run, fallen: Mapping[int, str]) -> None:
    """Take the owner from the contacts of customers that fell (customer -> who had it); other people keep theirs."""
    for part in chunks(list(fallen)):
        marks = ",".join("?" * len(part))
        where = f"merged_into IS NULL AND owner IS NOT NULL AND customer_id IN ({marks})"
        own = [
            one for one in fetch_where(run.db, "contact", where, part) if _is(one["owner"], fallen[one["customer_id"]])
        ]
        run.update_all("contact", [(contact, {"owner": None}) for contact in own])


def take_along(run: Run, customer: int, who: str) -> None:
    """Give the contacts of a claimed customer that nobody has to the claimer."""
    where = "merged_into IS NULL AND coalesce(owner, '') = '' AND customer_id = ?"
    run.update_all(
        "contact", [(contact, {"owner": who}) for contact in fetch_where(run.db, "contact", where, (customer,))]
    )


def _is(name: str, other: str) -> bool:
    return fold(name) == fold(other)
