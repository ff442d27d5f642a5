"""The kinds of run, and whose word each carries."""

from __future__ import annotations

# a person said it: later imports and undo never overwrite it
HUMAN = frozenset(
    {
        *("add", "set", "move", "log", "decide", "apply", "alias", "unmerge"),
        *("qualify", "disqualify", "task", "approve", "attach", "claim", "handover", "verdict"),
    }
)
# a rule did it: undone together with the import whose records it touched
RULE = frozenset({"dedupe", "assign", "grade", "pool", "words", "config"})
# a file said it
IMPORT = frozenset({"import", "series"})
# it carries values from one record to another, and says none of its own
MERGES = frozenset({"dedupe", "decide", "unmerge"})
# it takes back what others did
BACK = frozenset({"undo", "unmerge"})
