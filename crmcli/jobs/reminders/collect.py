"""What is due today, with who is to hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from crmcli.config.parts import public_pools
from crmcli.domain.reminders.deals import deal_findings
from crmcli.domain.reminders.escalation import Escalation, in_order
from crmcli.domain.reminders.model import Finding, Reminder, Rules
from crmcli.domain.reminders.others import party_findings, pool_findings, task_findings
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg
from crmcli.jobs.owners.staff import Staff, everybody
from crmcli.jobs.pool.standings import standings
from crmcli.jobs.reminders.reading import read_deals, read_parties, read_tasks
from crmcli.jobs.reminders.rules import rules_of
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch


class UnknownOwner(CrmError):
    """Reminders are asked for of somebody nobody knows."""

    code = "remind.owner"
    exit_code = ExitCode.USAGE

    def __init__(self, name: str) -> None:
        super().__init__(
            msg("nobody is called {name}", name=name), hint=msg("`crmcli remind` without --owner shows all owners")
        )


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is due as of an instant: by owner, the gravest first. `rules` are those it was found by."""

    as_of: datetime
    items: list[Reminder]
    rules: Rules

    @property
    def today(self) -> date:
        """Return the local day."""
        return self.as_of.date()


def collect_reminders(workspace: Workspace, owner: str = "") -> Reminders:
    """Return what is due as of the workspace's clock, of all or of what one owner owns or is to hear of.

    Raises:
        UnknownOwner: nobody has that name.
    """
    now, rules = workspace.now(), rules_of(workspace.settings)
    as_of = datetime.fromisoformat(now)
    staff = everybody(workspace)
    people = staff.owners
    escalation = Escalation(people, as_of.date(), rules.levels)
    items = (escalation.reminder(finding) for finding in _findings(workspace, now, rules, staff))
    if not owner:
        return Reminders(as_of, in_order(items), rules)
    wanted = fold(owner)
    own = [item for item in items if wanted in {fold(name) for name in (item.finding.owner or "", *item.recipients)}]
    if not own and wanted not in {fold(name) for person in people for name in (person.name, person.manager)}:
        raise UnknownOwner(owner)
    return Reminders(as_of, in_order(own), rules)


def _findings(workspace: Workspace, now: str, rules: Rules, staff: Staff) -> Iterator[Finding]:
    db, today = workspace.db, date.fromisoformat(now[:10])
    for deal in read_deals(db, now, rules, staff):
        yield from deal_findings(deal, today, rules)
    for task in read_tasks(db, now, rules, staff):
        yield from task_findings(task, today, rules)
    for party in read_parties(db, now, rules, staff):
        yield from party_findings(party, today, rules)
    yield from _pool_findings(workspace)


def _pool_findings(workspace: Workspace) -> Iterator[Finding]:
    """Yield which customers soon fall into a pool; nothing is read where no pool takes any."""
    pools = public_pools(workspace.settings)
    notice = {pool.name: pool.notice_days for pool in pools}
    if not any(rule.limits for pool in pools if pool.enabled for rule in pool.rules):
        return
    known = [one for one in standings(workspace) if one.remaining_days is not None]
    near = [one for one in known if (one.remaining_days or 0) <= notice[one.pool or ""]]
    customers = fetch(workspace.db, "customer", [one.customer for one in near])
    for one in near:
        yield from pool_findings(one, customers[one.customer]["name"] or "", notice[one.pool or ""])
