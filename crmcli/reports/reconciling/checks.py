"""What a statement of imports has to stand: source = database + listed differences, by several ways of adding up."""

from __future__ import annotations

from collections.abc import Callable

from crmcli.domain.statement import OUTCOMES, SheetStatement, Statement
from crmcli.i18n import Message, msg
from crmcli.reports.model import Check

Sheets = list[tuple[int, SheetStatement]]


def checks_of(statement: Statement) -> tuple[Check, ...]:
    """Return the checks, each with the sheet where it fails."""
    sheets = [(number, sheet) for number, sheet in enumerate(statement.sheets) if sheet.left_out is None]
    alone, moved = statement.without_record(), statement.moved()
    no_reason = [one for one in statement.differences if one.why is None]
    return (
        _check("rows", sheets, lambda _n, one: one.read == sum(one.counts.get(o, 0) for o in OUTCOMES),
               msg("read = new + updated + same + skipped + rejected + for review, in every sheet")),
        _check("kept", sheets, lambda _n, one: _all_kept(one),
               msg("every row that came in or was refused is found again in the journal")),
        _check("records", sheets, lambda n, one: one.records + one.same.rows + alone[n] == one.rows,
               msg("rows that came in = their records in the database + rows without one, each listed")),
        _check("amounts", sheets, lambda n, one: _amounts_balance(one, moved[n]),
               msg("amounts in the source = amounts in the database - listed differences, in every currency")),
        _check("source", sheets, lambda _n, one: _as_printed(one),
               msg("the amounts read back are those that the import printed")),
        _check("database", sheets, lambda _n, one: _as_stored(one),
               msg("the amounts of the records are those that SQLite adds up")),
        _check("cuts", sheets, lambda _n, one: _cuts_add_up(one),
               msg("owners, stages and months add up to the sheet")),
        Check("kinds", not any(one.balance for one in statement.kinds),
              msg("records of the sheets and from elsewhere = records of the database")),
        Check("reasons", not no_reason, msg("every difference has its reason") if not no_reason else msg(
            "row {row} of {sheet}: nobody knows why", row=no_reason[0].row,
            sheet=_name(statement.sheets[no_reason[0].sheet]))),
    )  # fmt: skip


def _check(name: str, sheets: Sheets, holds: Callable[[int, SheetStatement], bool], identity: Message) -> Check:
    wrong = next((sheet for number, sheet in sheets if not holds(number, sheet)), None)
    return Check(
        name,
        wrong is None,
        identity if wrong is None else msg("{sheet}: {identity}", sheet=_name(wrong), identity=identity),
    )


def _name(sheet: SheetStatement) -> str:
    return f"R{sheet.run} {sheet.file} {sheet.sheet}".strip()


def _all_kept(sheet: SheetStatement) -> bool:
    if not sheet.is_witnessed:
        return True
    exact = all(sheet.kept[outcome] == sheet.counts.get(outcome, 0) for outcome in OUTCOMES if outcome != "same")
    return exact and sheet.totals("owner")[0] == sheet.rows


def _amounts_balance(sheet: SheetStatement, moved: dict[str, int]) -> bool:
    sums = sheet.sums()
    return all(
        source + moved.get(currency, 0) == database
        for currency in {*sums, *moved}
        for source, database in [sums.get(currency, (0, 0))]
    )


def _as_printed(sheet: SheetStatement) -> bool:
    known = sheet.printed is None or not sheet.is_witnessed or not sheet.states_money
    return known or sum(source for source, _ in sheet.sums().values()) == sheet.printed


def _as_stored(sheet: SheetStatement) -> bool:
    if sheet.stored is None:
        return True
    counted = sheet.same.sums()
    held = {currency: database - counted.get(currency, 0) for currency, (_, database) in sheet.sums().items()}
    return {c: fen for c, fen in held.items() if fen} == {c: fen for c, fen in sheet.stored.items() if fen}


def _cuts_add_up(sheet: SheetStatement) -> bool:
    return len({tuple(sheet.totals(cut)) for cut in sheet.cells}) == 1
