"""What the keys in the data are called: kinds of record and of run, states, outcomes. JSON keeps the keys."""

from __future__ import annotations

from crmcli.domain.assignment.model import FALLBACK, STICKY, TIMEOUT
from crmcli.domain.fields import catalogue
from crmcli.i18n import Message, current_language, msg

_WORDS = {
    # kinds of record
    "customer": msg("customer"),
    "contact": msg("contact"),
    "lead": msg("lead"),
    "opportunity": msg("opportunity"),
    "contract": msg("contract"),
    "payment": msg("payment"),
    "target": msg("target"),
    "stage_history": msg("stage change"),
    "activity": msg("follow-up"),
    "owner": msg("owner"),
    "product": msg("product"),
    "message": msg("message"),
    "approval": msg("approval"),
    "attachment": msg("file"),
    "holding": msg("change of owner"),
    # states of an opportunity
    "open": msg("open"),
    "won": msg("won"),
    "lost": msg("lost"),
    "void": msg("void"),
    "plan": msg("planned follow-up"),
    # states of a lead
    "following": msg("being followed up"),
    "qualified": msg("qualified"),
    "disqualified": msg("disqualified"),
    # what became of an approval, and how a file stands
    "approved": msg("approved"),
    "refused": msg("refused"),
    "ok": msg("ok"),
    "changed": msg("changed"),
    "missing": msg("missing"),
    "unreadable": msg("unreadable"),
    # what became of a row
    "new": msg("new"),
    "updated": msg("updated"),
    "same": msg("same"),
    "skipped": msg("skipped"),
    "rejected": msg("rejected"),
    "review": msg("for review"),
    # kinds of run, and how a run stands
    "import": msg("import"),
    "series": msg("versions of a sheet"),
    "add": msg("add"),
    "set": msg("edit"),
    "move": msg("stage move"),
    "log": msg("follow-up"),
    "assign": msg("assignment"),
    "dedupe": msg("merge of duplicates"),
    "decide": msg("decision on duplicates"),
    "unmerge": msg("unmerge"),
    "alias": msg("short name"),
    "apply": msg("decisions taken in"),
    "words": msg("dictionary"),
    "qualify": msg("lead qualified"),
    "disqualify": msg("lead closed"),
    "task": msg("task"),
    "approve": msg("approval"),
    "attach": msg("file"),
    "claim": msg("claim from the pool"),
    "handover": msg("handover"),
    "verdict": msg("verdict on a collision"),
    "grade": msg("grading"),
    "config": msg("settings applied"),
    "snapshot": msg("snapshot"),
    "backup": msg("backup"),
    "remind": msg("reminders"),
    "report": msg("weekly report"),
    "worklists": msg("worklists"),
    "conclusions": msg("review of closed deals"),
    "undo": msg("undo"),
    "running": msg("unfinished"),
    "done": msg("done"),
    "undone": msg("taken back"),
    # what runs count
    "versions": msg("versions"),
    "events": msg("events"),
    "reversed": msg("taken back"),
    "kept": msg("kept"),
    "left_out": msg("left out"),
    "customers": msg("customers"),
    "merged": msg("merged"),
    "clusters": msg("groups"),
    "decided": msg("decided"),
    "considered": msg("considered"),
    "unassigned": msg("without an owner"),
    "fallen": msg("fallen into a pool"),
    # what the program notes for itself, named where an undo keeps it
    "owner_by": msg("how it came to its owner"),
    "probability_source": msg("where the probability comes from"),
    # what decides an assignment where no rule of crm.toml does
    STICKY: msg("stays with the customer's owner"),
    FALLBACK: msg("fallback"),
    TIMEOUT: msg("not contacted in time"),
    # what two customers are compared in
    "credit_code": msg("credit code"),
    "name": msg("name"),
    "brand": msg("brand"),
    "name_words": msg("words of the name"),
    "person": msg("person's name"),
    "birth": msg("date of birth"),
    "postcode": msg("postcode"),
    "trade": msg("trade"),
    "place": msg("place"),
    "form": msg("legal form"),
    "group": msg("group"),
    "branch": msg("branch"),
    "digits": msg("digits"),
    "phone": msg("phone"),
    "email": msg("email"),
    "wechat": msg("WeChat"),
    "address": msg("address"),
    "road": msg("road"),
    "surname": msg("surname"),
    "domain": msg("mail domain"),
    "city": msg("city"),
    # columns that no field of the catalogue names
    "merged_into": msg("merged into"),
    "pool": msg("pool"),
    "tags": msg("tags"),
    # how grave a mistake is
    "error": msg("error"),
    "warning": msg("warning"),
    # what a change did
    "create": msg("created"),
    "update": msg("changed"),
    "remove": msg("removed"),
}


def rule_name(rule: str) -> str:
    """Return what a rule of assignment is called: crm.toml's own name, or ours where none of its rules decided."""
    return word(rule) if rule in (STICKY, FALLBACK, TIMEOUT) else rule


def labelled(reason: Message) -> Message:
    """Return a rule's reason with the label of the field that it is about in place of the key.

    >>> str(labelled(msg("{field} is unknown, not {wanted}", field="amount", wanted=">= 5")))
    'Amount is unknown, not >= 5'
    """
    key = reason.args.get("field", "")
    field = catalogue().get(f"opportunity.{key}") or catalogue().get(f"customer.{key}")
    return Message(reason.text, reason.args | {"field": field.label(current_language())}) if field else reason


def word(key: str) -> str:
    """Return what a key is called in the current language; an unknown one is its own name.

    >>> [word("stage_history"), word("something")]
    ['stage change', 'something']
    """
    return str(_WORDS.get(key, key))
