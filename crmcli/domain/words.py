"""What the keys in the data are called: kinds of record and of run, states, outcomes. JSON keeps the keys."""

from __future__ import annotations

from crmcli.i18n import msg

_WORDS = {
    # kinds of record
    "customer": msg("customer"),
    "contact": msg("contact"),
    "lead": msg("lead"),
    "opportunity": msg("opportunity"),
    "stage_history": msg("stage change"),
    "activity": msg("follow-up"),
    "owner": msg("owner"),
    "product": msg("product"),
    # states of an opportunity
    "open": msg("open"),
    "won": msg("won"),
    "lost": msg("lost"),
    "void": msg("void"),
    # what became of a row
    "new": msg("new"),
    "updated": msg("updated"),
    "same": msg("same"),
    "skipped": msg("skipped"),
    "rejected": msg("rejected"),
    "review": msg("for review"),
    # kinds of run, and how a run stands
    "import": msg("import"),
    "add": msg("add"),
    "set": msg("edit"),
    "move": msg("stage move"),
    "log": msg("follow-up"),
    "assign": msg("assignment"),
    "dedupe": msg("merge of duplicates"),
    "decide": msg("decision on duplicates"),
    "unmerge": msg("unmerge"),
    "alias": msg("short name"),
    "undo": msg("undo"),
    "running": msg("unfinished"),
    "done": msg("done"),
    "undone": msg("taken back"),
    # how grave a mistake is
    "error": msg("error"),
    "warning": msg("warning"),
    # what a change did
    "create": msg("created"),
    "update": msg("changed"),
    "delete": msg("removed"),
}


def word(key: str) -> str:
    """Return what a key is called in the current language; an unknown one is its own name.

    >>> [word("stage_history"), word("something")]
    ['stage change', 'something']
    """
    return str(_WORDS.get(key, key))
