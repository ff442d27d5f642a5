"""Doubtful pairs at the terminal: one a screen, one key a decision."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import typer

from crmcli.commands.shell import Shell
from crmcli.errors import CrmError
from crmcli.i18n import _

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from crmcli.domain.changes import Flat
    from crmcli.jobs.dedupe.session import ReviewSession, ShownPair
    from crmcli.jobs.workspace import Workspace

_DECISIONS = {"s": "same", "d": "different", "r": "related", "u": "unsure"}
_BACK, _QUIT = "z", ("q", "\x1b", "\x03", "\x04")
_DIFFERS, _AGREES = "bold yellow", "green"
# what is each customer's own: that it differs says nothing
_OWN = ("number", "deals", "activities")


def ask_at_terminal(shell: Shell, workspace: Workspace) -> None:
    """Ask about one pair after the other until none is left or the person stops; then say what was decided."""
    from crmcli.jobs.dedupe.session import ReviewSession

    session = ReviewSession(workspace)
    console = shell.console()
    said = ""
    while (shown := session.question()) is not None:
        console.clear()
        _draw(console, session, shown, said)
        key = _key()
        if key in _QUIT:
            break
        said = _answered(console, session, shown, key)
    console.clear()
    shell.show({}, *_summary(session))


def _answered(console: Console, session: ReviewSession, shown: ShownPair, key: str) -> str:
    """Return what is to be said on the next screen, after a key was acted on."""
    if key == _BACK:
        return _("taken back") if session.take_back() else _("there is nothing to take back")
    if key not in _DECISIONS:
        return ""
    try:
        session.decide(_DECISIONS[key], _choose(console, shown) if key == "s" else None)
    except CrmError as error:
        return str(error.message)
    return ""


def _key() -> str:
    try:
        return typer.getchar().casefold()
    except (KeyboardInterrupt, EOFError):
        return _QUIT[0]


def _choose(console: Console, shown: ShownPair) -> Flat:
    """Return the values that only a person may choose, as a key 1 or 2 says; none where another key was pressed."""
    from crmcli.jobs.dedupe.sides import heading

    chosen: dict[str, Any] = {}
    for key, values in shown.wanted.items():
        words = _("{field}: 1 = {first}, 2 = {second}?")
        said = words.format(field=heading(key), first=values[0], second=values[1])
        console.print(_plain(said), style=_DIFFERS, markup=False)
        pressed = _key()
        if pressed in ("1", "2"):
            chosen[key] = values[int(pressed) - 1]
    return chosen


def _draw(console: Console, session: ReviewSession, shown: ShownPair, said: str) -> None:
    progress = _("{place} of {total}, {decided} decided").format(
        place=session.place + 1, total=session.total, decided=len(session.taken)
    )
    score = _("score {score}").format(score=shown.pair["score"])
    console.print(f"{progress} · {score} · {shown.behind}", style="bold", markup=False)
    console.print(_table(shown))
    for reason in shown.reasons:
        console.print(_plain(reason), markup=False)
    if shown.pair["decision"]:
        console.print(_("somebody was unsure about this pair before"), style="dim", markup=False)
    if said:
        console.print(said, style=_DIFFERS, markup=False)
    console.print(_("s same · d different · r related · u unsure · z take back · q quit"), style="bold", markup=False)


def _table(shown: ShownPair) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from crmcli.jobs.dedupe.review import SHOWN
    from crmcli.jobs.dedupe.sides import heading

    table = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column("", width=2)
    table.add_column("", ratio=2, overflow="fold")
    for side in (shown.a, shown.b):
        table.add_column(side["number"], ratio=5, overflow="fold")
    for key in SHOWN:
        a, b = _plain(shown.a[key]), _plain(shown.b[key])
        if a or b:
            kept = _plain(shown.kept.get(key, ""))
            mark = "" if key in _OWN or not (a and b) else "=" if a == b else "≠"
            table.add_row(mark, heading(key), _side(a, b, kept, mark), _side(b, a, kept, mark))
    return table


def _side(own: str, other: str, kept: str, mark: str) -> Text:
    """Return one side's text, what the other side does not say highlighted, ✓ behind what would stay."""
    from rich.text import Text

    if mark != "≠":
        return Text(own, style=_AGREES if mark else "")
    text = Text()
    for kind, start, end, _from, _to in SequenceMatcher(None, own, other, autojunk=False).get_opcodes():
        text.append(own[start:end], style="" if kind == "equal" else _DIFFERS)
    return text.append(" ✓", style=_AGREES) if own == kept else text


def _plain(text: str) -> str:
    """Return a text without what would move the cursor or colour the screen."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


def _summary(session: ReviewSession) -> list[str]:
    counts = {kind: session.counts[kind] for kind in _DECISIONS.values()}
    words = _("{decided} decided: {same} same, {different} different, {related} related, {unsure} unsure")
    lines = [words.format(decided=len(session.taken), **counts)]
    left = session.total - session.place
    if left:
        lines.append(_("{pairs} pairs are left: crmcli dedupe review goes on").format(pairs=left))
    if session.taken:
        runs = [one.run for one in session.taken]
        span = runs[0] if len(runs) == 1 else f"{runs[0]}–{runs[-1]}"
        lines.append(_("each decision is a run ({runs}); take one back with: crmcli undo RUN").format(runs=span))
    return lines
