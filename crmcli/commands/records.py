"""`customer`, `contact`, `lead`, `opp`, `owner`, `product`, `target` ...: list, show, add, set."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crmcli.commands.deals import add_moves
from crmcli.commands.leads import add_decisions
from crmcli.commands.shell import Shell, command, group
from crmcli.commands.written import undo_lines
from crmcli.domain.intake import MONEY
from crmcli.domain.moves import move_in_words
from crmcli.domain.words import rule_name, word
from crmcli.i18n import _, current_language, enumerated, msg

# command group -> kind of record, its help, and what a list shows on a terminal
_GROUPS = {
    "customer": ("customer", msg("Customers."), ("id", "name", "industry", "level", "province", "owner", "phones")),
    "contact": ("contact", msg("Contacts."), ("id", "name", "customer", "title", "phones", "wechat")),
    "lead": ("lead", msg("Leads."), ("id", "name", "company", "phones", "source", "status", "owner")),
    "opp": (
        "opportunity",
        msg("Opportunities."),
        ("id", "external_id", "name", "customer", "amount", "stage", "status", "owner", "expected_close"),
    ),
    "owner": ("owner", msg("Owners (salespeople)."), ("id", "name", "team", "region", "manager", "weight")),
    "product": ("product", msg("Products."), ("id", "name", "category", "price")),
    "contract": (
        "contract",
        msg("Contracts."),
        ("id", "external_id", "name", "customer", "amount", "signed_on", "ends_on", "status", "owner"),
    ),
    "payment": (
        "payment",
        msg("Payments: what is due, and what was received."),
        (
            "id",
            "contract",
            "customer",
            "installment",
            "due_on",
            "due_amount",
            "received_on",
            "received_amount",
            "owner",
        ),
    ),
    "target": (
        "target",
        msg("Targets: what an owner, a team or (neither) the company is to win in a period."),
        ("id", "owner", "team", "period", "amount", "count", "note", "source"),
    ),
}
# what is shown of what belongs to a record, where that is not all that is known
_BELONGING = {
    "task": ("id", "title", "owner", "due", "opportunity"),
    "approval": ("id", "subject", "for_stage", "approver", "decision", "decided_at", "decided_by", "note"),
    "attachment": ("id", "path", "kind", "size", "opportunity", "added_at"),
}


def add(app: typer.Typer) -> None:
    """Add a command group for each kind of record that people keep."""
    for name, (entity, about, shown) in _GROUPS.items():
        records = group(str(about))
        app.add_typer(records, name=name)
        _add_list(records, entity, shown)
        _add_show(records, entity)
        _add_edits(records, entity)
        if entity == "opportunity":
            add_moves(records)
        elif entity == "lead":
            add_decisions(records)


def _add_list(records: typer.Typer, entity: str, keys: tuple[str, ...]) -> None:
    @command(records, "list", _("List them all, or those that meet the filters."))
    def list_(
        shell: Shell,
        filters: Annotated[
            list[str] | None,
            typer.Option("--filter", help=_('a condition such as "amount >= 500000"; repeat for more')),
        ] = None,
        sort: Annotated[str, typer.Option(help=_("a field; -field for the other way round"))] = "",
        limit: Annotated[int | None, typer.Option(min=0, help=_("list no more than so many"))] = None,
    ) -> None:
        from crmcli.jobs.records.listing import list_records

        with shell.workspace() as workspace:
            found = list_records(workspace, entity, filters or [], sort, limit)
        lines = [_("{number} records").format(number=len(found))]
        if dead := [one["id"] for one in found if one.get("overruled")]:
            lines.append(
                _("crm.toml sets the same as {targets}: reports take crm.toml's").format(targets=enumerated(dead))
            )
        shell.show(found, _table(entity, found, keys), *lines)


def _add_show(records: typer.Typer, entity: str) -> None:
    @command(records, "show", _("Show one record and what belongs to it."))
    def show(
        shell: Shell, ref: Annotated[str, typer.Argument(help=_("a number (C12), an id, a phone or a name"))]
    ) -> None:
        from crmcli.jobs.records.showing import show_record

        with shell.workspace() as workspace:
            found = show_record(workspace, entity, ref)
        labels = _labels(entity)
        belonging = [_table(kind, rows, _BELONGING.get(kind)) for kind, rows in found["belonging"].items() if rows]
        shell.show(found, _card(entity, found), *_moves(labels, found), *_holdings(found), *belonging)

    @command(records, "history", _("Show all that happened to it."))
    def history(
        shell: Shell, ref: Annotated[str, typer.Argument(help=_("a number (C12), an id, a phone or a name"))]
    ) -> None:
        from crmcli.commands.journal import history_table
        from crmcli.jobs.journal.history import record_history

        with shell.workspace() as workspace:
            entries = record_history(workspace, ref, (entity,))
        shell.show(entries, history_table(entries))


def _add_edits(records: typer.Typer, entity: str) -> None:
    @command(records, "add", _("Add one: FIELD=VALUE ..."), writes=True)
    def add_(
        shell: Shell,
        values: Annotated[list[str], typer.Argument(metavar=_("FIELD=VALUE..."), help=_("what is known of it"))],
    ) -> None:
        from crmcli.jobs.records.editing import add_record

        with shell.workspace() as workspace:
            made = add_record(workspace, entity, values, dry_run=shell.dry_run)
        lines = [_("added {number}").format(number=made["id"]), *made["notes"], *undo_lines(made["run"])]
        shell.show(made, *lines)

    @command(records, "set", _("Change fields: FIELD=VALUE ...; an empty value empties the field."), writes=True)
    def set_(
        shell: Shell,
        ref: Annotated[str, typer.Argument(help=_("a number (C12), an id, a phone or a name"))],
        values: Annotated[list[str], typer.Argument(metavar=_("FIELD=VALUE..."), help=_("what to change"))],
    ) -> None:
        from crmcli.jobs.records.editing import set_fields

        with shell.workspace() as workspace:
            changed = set_fields(workspace, entity, ref, values, dry_run=shell.dry_run)
        shell.show(changed, _("changed {number}").format(number=changed["id"]), *undo_lines(changed["run"]))


def _labels(entity: str) -> dict[str, str]:
    from crmcli.domain.fields import fields_of

    return {field.key: field.label(current_language()) for field in fields_of(entity)}


def _table(entity: str, found: list[dict[str, Any]], keys: tuple[str, ...] | None) -> Any:
    from rich.table import Table

    labels = {"source": _("where it comes from")} | _labels(entity)
    shown = keys or [key for key in labels if any(record.get(key) for record in found)]
    table = Table()
    for key in shown:
        table.add_column(labels.get(key, key), overflow="fold", justify="right" if key in MONEY else "left")
    for record in found:
        table.add_row(*(_shown(key, record.get(key)) for key in shown))
    return table


def _card(entity: str, found: dict[str, Any]) -> Any:
    from rich.table import Table

    table = Table(show_header=False)
    labels = _labels(entity)
    for key in labels:
        if found.get(key) not in (None, [], {}, ""):
            number = found.get(f"{key}_id")
            table.add_row(labels[key], _shown(key, found[key]) + (f" ({number})" if number else ""))
    if found.get("pool") and "pool" not in labels:
        table.add_row(word("pool"), found["pool"])
    for parent in ("customer", "contact", "opportunity", "lead"):
        if parent not in labels and found.get(f"{parent}_id"):
            table.add_row(word(parent), f"{found[parent] or ''} ({found[f'{parent}_id']})".strip())
    for other in found.get("alternates", ()):
        table.add_row(_("also {label}").format(label=labels.get(other["field"], other["field"])), str(other["value"]))
    for header, text in found.get("extra", {}).items():
        table.add_row(f"+ {header}", str(text))
    return table


def _moves(labels: dict[str, str], found: dict[str, Any]) -> list[Any]:
    """Return a table of what an opportunity's fields were and became; none where it has no events in effect."""
    from rich.table import Table

    events = [event for event in found.get("events", ()) if event["in_effect"]]
    if not events:
        return []
    table = Table()
    for title in (_("when"), _("field"), _("before"), _("after"), _("who"), _("why")):
        table.add_column(title, overflow="fold")
    for event in events:
        said = [event[key] for key in ("reason", "note") if event[key]]
        why = enumerated([*said, *move_in_words(event)])
        rest = (event["from_value"] or "", event["value"] or "", _who(event["by"] or ""))
        table.add_row(_when(event), labels.get(event["field"], event["field"]), *rest, why)
    return [table]


def _holdings(found: dict[str, Any]) -> list[Any]:
    """Return a table of who had a customer from when on, and why; none where nobody ever had it."""
    from rich.table import Table

    table = Table()
    for title in (_("when"), _("owner until then"), _("owner or pool"), _("who"), _("why")):
        table.add_column(title, overflow="fold")
    for row in found.get("holdings", ()):
        before, after = (row["from_owner"] or row["from_pool"], row["owner"] or row["pool"])
        table.add_row(row["at"], before or "", after or "", _who(row["by"] or ""), row["reason"] or "")
    return [table] if table.row_count else []


def _when(event: dict[str, Any]) -> str:
    """Return when an event was, as closely as it is known."""
    if event["not_before"]:
        return _("between {first} and {last}").format(first=event["not_before"], last=event["at"])
    if event["not_after"] and not event["at"]:
        return _("{day} or before").format(day=event["not_after"])
    return _("{time} (inferred)").format(time=event["at"] or "?") if event["inferred"] else event["at"] or ""


def _who(by: str) -> str:
    """Return who changed something: a person, or a rule by its name."""
    rule = by.removeprefix("rule:")
    return by if rule == by else _("rule {rule}").format(rule=rule_name(rule))


def _shown(key: str, value: Any) -> str:
    if isinstance(value, list):
        return enumerated(value)
    if isinstance(value, dict):
        return enumerated(f"{name} {share:g} %" for name, share in value.items())
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else word(value) if key in ("status", "decision") else str(value)
