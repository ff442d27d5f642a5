"""What the parts of crm.toml say together: names that nobody has, names used twice, rules that are never reached.

Each check takes the settings and everybody who sells, and yields findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crmcli.config.findings import Finding, Severity, unknown
from crmcli.config.parts import condition, whom
from crmcli.config.people import AssignRule, Group
from crmcli.config.preset_table import PresetTable
from crmcli.config.settings import Settings
from crmcli.config.toml_lines import Path as KeyPath
from crmcli.domain.assignment.model import Owner
from crmcli.domain.conditions import parse_condition
from crmcli.domain.fields import COMPOSED, catalogue, fields_of
from crmcli.domain.records import KINDS
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg

Check = Callable[[Settings], Iterator[Finding]]
StaffCheck = Callable[[Settings, Sequence[Owner]], Iterator[Finding]]

# what imports put together from every source
_UNITED = ("external_id", "phones", "emails", "tags")
_GROUPS = {"team": msg("team"), "region": msg("region"), "manager": msg("manager")}


def duplicate_names(settings: Settings) -> Iterator[Finding]:
    """Yield names that stand twice where each must be one thing."""
    for table in ("owner", "pool", "preset"):
        yield from _twice([(table, i, "name") for i in range(len(getattr(settings, table)))], settings)
    yield from _twice([("assign", "rule", i, "name") for i in range(len(settings.assign.rule))], settings)
    yield from _twice([("pipeline", i, "key") for i in range(len(settings.pipeline))], settings)
    yield from _twice([("loss", "reasons", i) for i in range(len(settings.loss.reasons))], settings)
    for i, pipeline in enumerate(settings.pipeline):
        stages: list[KeyPath] = [("pipeline", i, "stages", n, "name") for n in range(len(pipeline.stages))]
        yield from _twice([*stages, *(("pipeline", i, end) for end in ("won", "lost", "void"))], settings)


def _twice(paths: Iterable[KeyPath], settings: Settings) -> Iterator[Finding]:
    seen: set[str] = set()
    for path in paths:
        value: Any = settings
        for part in path:
            value = value[part] if isinstance(part, int) else getattr(value, part)
        if fold(value) in seen:
            yield Finding(path, msg("{name} is there twice", name=value))
        seen.add(fold(value))


def conditions(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong in the `when` of assignment and grade rules, of pools and of pipelines."""
    whens: dict[KeyPath, Mapping[str, Any]] = {
        ("assign", "rule", i): rule.when for i, rule in enumerate(settings.assign.rule)
    }
    whens |= {("grade", "rule", i): rule.when for i, rule in enumerate(settings.grade.rule)}
    whens |= {("pool", i): pool.when for i, pool in enumerate(settings.pool)}
    whens |= {("pipeline", i): pipeline.when for i, pipeline in enumerate(settings.pipeline)}
    for at, when in whens.items():
        parsed = parse_condition(when)
        for mistake in parsed if isinstance(parsed, list) else ():
            yield Finding((*at, "when", mistake.key), mistake.message)


def field_names(settings: Settings) -> Iterator[Finding]:
    """Yield fields that the catalogue lacks: of stages, sources, merges and presets."""
    keys = sorted({field.key for field in fields_of("opportunity")})
    for i, pipeline in enumerate(settings.pipeline):
        for n, stage in enumerate(pipeline.stages):
            yield from _no_fields(("pipeline", i, "stages", n, "require"), stage.require, keys)
    all_keys = sorted({name for field in catalogue().values() for name in (field.key, field.path)})
    for name, source in settings.source.items():
        yield from _no_fields(("source", name, "owns"), source.owns, all_keys)
    for key in settings.merge.fields:
        if key not in all_keys:
            yield Finding(("merge", "fields", key), unknown(msg("field"), key, all_keys))
    for i, preset in enumerate(settings.preset):
        yield from _preset_fields(("preset", i), preset)


def _preset_fields(at: KeyPath, preset: PresetTable) -> Iterator[Finding]:
    paths = [*catalogue(), *COMPOSED]
    named = [("map", header, path) for header, path in preset.map.items() if path]
    named += [("constant", path, path) for path in preset.constant]
    # a list of values belongs to a header or to a field
    named += [("values", key, key) for key in preset.values if key.partition(".")[0] in KINDS]
    for table, key, path in named:
        if path not in paths:
            yield Finding((*at, table, key), unknown(msg("field"), path, paths))
    if preset.kind and preset.kind not in KINDS:
        yield Finding((*at, "kind"), unknown(msg("kind"), preset.kind, KINDS))


def _no_fields(at: KeyPath, keys: Sequence[str], known: Sequence[str]) -> Iterator[Finding]:
    for i, key in enumerate(keys):
        if key not in known:
            yield Finding((*at, i), unknown(msg("field"), key, known))


def owned_fields(settings: Settings) -> Iterator[Finding]:
    """Yield fields of sources that nobody can decide on, and those on which several do (warnings)."""
    first: dict[str, str] = {}
    for name, source in settings.source.items():
        for i, key in enumerate(source.owns):
            at = ("source", name, "owns", i)
            if key.rpartition(".")[2] in _UNITED:
                sentence = msg("{field} is united whatever the source says: nobody decides on it", field=key)
                yield Finding(at, sentence, "warning")
            elif first.setdefault(key, name) != name:
                sentence = msg(
                    "{other} decides on {field} too: between them a fixed order does", other=first[key], field=key
                )
                yield Finding(at, sentence, "warning")


def synonym_targets(settings: Settings) -> Iterator[Finding]:
    """Yield synonyms of stages, ends and loss reasons that do not exist: they do nothing."""
    for i, pipeline in enumerate(settings.pipeline):
        names = [*(stage.name for stage in pipeline.stages), pipeline.won, pipeline.lost, pipeline.void]
        yield from _idle(("pipeline", i, "synonyms"), pipeline.synonyms, names, msg("stage"))
        yield from _renamed(("pipeline", i, "renamed"), pipeline.renamed, names)
        stages = names[: len(pipeline.stages)]
        if pipeline.qualified_stage and pipeline.qualified_stage not in stages:
            yield Finding(("pipeline", i, "qualified_stage"), unknown(msg("stage"), pipeline.qualified_stage, stages))
    yield from _idle(("loss", "synonyms"), settings.loss.synonyms, settings.loss.reasons, msg("loss reason"))


def _renamed(at: KeyPath, renamed: Mapping[str, str], names: Sequence[str]) -> Iterator[Finding]:
    for old, new in renamed.items():
        if old in names:
            yield Finding((*at, old), msg("{stage} is a stage now: it cannot have been renamed", stage=old))
        elif new not in names and new not in renamed:
            yield Finding((*at, old), unknown(msg("stage"), new, names))


def _idle(at: KeyPath, synonyms: Mapping[str, Any], names: Sequence[str], what: Message) -> Iterator[Finding]:
    for name in synonyms:
        if name not in names:
            yield Finding((*at, name), unknown(what, name, names), "warning")


def idle_rules(settings: Settings) -> Iterator[Finding]:
    """Yield assignment rules that no deal reaches, because an earlier one takes all of theirs."""
    earlier: list[AssignRule] = []
    for i, rule in enumerate(settings.assign.rule):
        takes_all = next((other for other in earlier if _takes_all(other, rule)), None)
        if takes_all:
            sentence = msg(
                "rule {rule} is never reached: {earlier} takes its deals", rule=rule.name, earlier=takes_all.name
            )
            yield Finding(("assign", "rule", i, "name"), sentence, "warning")
        earlier.append(rule)


def _takes_all(earlier: AssignRule, later: AssignRule) -> bool:
    open_ended = earlier.on_full == "next_rule" or earlier.only_new or earlier.min_age > later.min_age
    return not open_ended and condition(earlier.when).covers(condition(later.when))


def empty_groups(settings: Settings) -> Iterator[Finding]:
    """Yield rules whose `to` is a table without any group."""
    for i, rule in enumerate(settings.assign.rule):
        if isinstance(rule.to, Group) and not (rule.to.team or rule.to.region or rule.to.manager):
            yield Finding(("assign", "rule", i, "to"), msg("the rule names nobody: give a team, region or manager"))


def rule_members(settings: Settings, owners: Sequence[Owner]) -> Iterator[Finding]:
    """Yield rules that name nobody (errors) and members who are not active (warnings)."""
    for i, rule in enumerate(settings.assign.rule):
        at: KeyPath = ("assign", "rule", i, "to")
        to = whom(rule)
        for n, name in enumerate(to.names):
            yield from _person(at if isinstance(rule.to, str) else (*at, n), name, owners, "error")
        groups = {"team": to.team, "region": to.region, "manager": to.manager}
        nowhere = [found for key, names in groups.items() for found in _no_group((*at, key), key, names, owners)]
        yield from nowhere
        if any(groups.values()) and not nowhere and not to.members(owners):
            yield Finding(at, msg("the rule names nobody: no owner is in all its groups"))


def _no_group(at: KeyPath, key: str, names: Sequence[str], owners: Sequence[Owner]) -> Iterator[Finding]:
    known = sorted({getattr(owner, key) for owner in owners} - {""})
    for name in names:
        if fold(name) not in {fold(one) for one in known}:
            yield Finding(at, unknown(_GROUPS[key], name, known))


def fallback(settings: Settings, owners: Sequence[Owner]) -> Iterator[Finding]:
    """Yield a fallback that is neither an owner nor a pool."""
    name = settings.assign.fallback
    pools = [pool.name for pool in settings.pools]
    if fold(name) not in {fold(pool) for pool in pools}:
        yield from _person(("assign", "fallback"), name, owners, "error", pools)


def deputies_and_targets(settings: Settings, owners: Sequence[Owner]) -> Iterator[Finding]:
    """Yield deputies, targets and goals of people or teams that nobody knows (warnings); the company's have neither."""
    for i, owner in enumerate(settings.owner):
        if owner.deputy:
            yield from _person(("owner", i, "deputy"), owner.deputy, owners, "warning")
    teams = sorted({owner.team for owner in owners} - {""})
    wanted = [(("target", i), one.owner, one.team) for i, one in enumerate(settings.target)]
    wanted += [(("goal", i), one.owner, one.team) for i, one in enumerate(settings.goal)]
    for at, person, team in wanted:
        if person:
            yield from _person((*at, "owner"), person, owners, "warning")
        if team and team not in teams:
            yield Finding((*at, "team"), unknown(msg("team"), team, teams), "warning")


def _person(
    at: KeyPath,
    name: str,
    owners: Sequence[Owner],
    severity: Severity,
    others: Sequence[str] = (),
) -> Iterator[Finding]:
    found = next((owner for owner in owners if fold(owner.name) == fold(name)), None)
    if found is None:
        yield Finding(at, unknown(msg("owner"), name, [*(owner.name for owner in owners), *others]), severity)
    elif not found.active:
        yield Finding(at, msg("{owner} is not active and gets nothing", owner=found.name), "warning")


CHECKS: tuple[Check, ...] = (
    duplicate_names,
    conditions,
    field_names,
    owned_fields,
    empty_groups,
    synonym_targets,
    idle_rules,
)
STAFF_CHECKS: tuple[StaffCheck, ...] = (rule_members, fallback, deputies_and_targets)
