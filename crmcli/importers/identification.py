"""Which columns say which record a row is, and when a sheet is refused for want of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crmcli.domain.fields import COMPOSED, bare_headers, catalogue, headers_to_paths
from crmcli.domain.records import KINDS
from crmcli.domain.rejection import ADDED
from crmcli.i18n import Message, msg
from crmcli.importers.meaning import known_form
from crmcli.importers.presets import Preset

_OTHERS = {"customer.credit_code", "lead.company", "lead.phones", "contact.phones", "message.talker", "message.sender"}
_OTHERS |= {"target.period", "target.year"}


def identifying_headers(presets: Sequence[Preset]) -> frozenset[str]:
    """Return the normalised headers of columns that say which record a row is."""
    paths = _identifying_paths()
    words = {word for word, found in headers_to_paths().items() if paths & set(found)}
    words |= {word for word, key in bare_headers().items() if key in ("name", "external_id", "owner")}
    return frozenset(words | {word for preset in presets for word, path in preset.map.items() if path in paths})


def _identifying_paths() -> set[str]:
    named = {f"{kind}.{key}" for kind in KINDS for key in ("name", "external_id")} & catalogue().keys()
    return named | _OTHERS | {path for path in COMPOSED if not path.startswith("target.")}


def no_identity(kind: str | None, paths: set[str], headers: Sequence[str]) -> Message | None:
    """Return why no record of a sheet could be identified, None where one can."""
    if kind is not None and paths & _identifying_paths():
        return None
    shown = ", ".join(header for header in headers if header and not header.startswith(ADDED))
    return msg("no column identifies a record (a name or an id); the columns are: {headers}", headers=shown)


def tie(kind: str | None, columns: Sequence[tuple[str, float, str]]) -> Message | None:
    """Return why a sheet is refused in which two columns of one header would name the record.

    Columns are given as (path, confidence, header).
    """
    for path in (f"{kind}.name", f"{kind}.external_id", "customer.name", "customer.external_id"):
        rivals = [(confidence, header) for own, confidence, header in columns if own == path]
        best = max((confidence for confidence, _header in rivals), default=0.0)
        words = Counter(known_form(header) for confidence, header in rivals if confidence == best)
        twice = next((header for _confidence, header in rivals if words[known_form(header)] > 1), None)
        if twice is not None:
            return msg(
                'two columns are called {header}: say which one it is with --map "{header}#2={path}"',
                header=twice,
                path=path,
            )
    return None
