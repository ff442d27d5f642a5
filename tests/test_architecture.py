"""The rules of the house, read off the sources; every rule is shown to fail on a broken one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("crmcli", "tests", "tools", "samples", "benchmarks")
GROUND = {"errors", "i18n", ""}
BELOW_JOBS = {"importers", "store", "reports", "matching", "config", "domain"} | GROUND
# room of the package -> the rooms it may import; "" is the package itself (its version)
MAY_IMPORT = {
    "i18n": {""},
    "errors": {"i18n", ""},
    "domain": GROUND,
    "config": {"domain"} | GROUND,
    "importers": {"domain"} | GROUND,
    "store": {"domain"} | GROUND,
    "reports": {"domain"} | GROUND,
    "matching": {"domain"} | GROUND,
    "demo_data": {"domain"} | GROUND,
    "jobs": {"demo_data"} | BELOW_JOBS,
    "commands": {"jobs", "demo_data"} | BELOW_JOBS,
    "cli": {"commands", "jobs"} | BELOW_JOBS,
    "__main__": {"cli"},
    "": set[str](),
}
_NUMBERS = ("crmcli/importers/", "crmcli/matching/", "crmcli/domain/metrics/")
_WORDS = ("crmcli/domain/values/", "crmcli/matching/")
_BOOKS = ("crmcli/importers/readers/", "crmcli/reports/", "crmcli/demo_data/")
# package -> where it may be imported, and whether only inside functions (it is slow to import)
ONLY_IN = {
    "typer": (("crmcli/cli.py", "crmcli/commands/"), False),
    "rich": (("crmcli/cli.py", "crmcli/commands/", "crmcli/reports/terminal.py"), False),
    "click": ((), False),
    "sqlite3": (("crmcli/store/",), False),
    "sqlite_utils": (("crmcli/store/",), True),
    **dict.fromkeys(("numpy", "pandas", "scipy"), (_NUMBERS, True)),
    **dict.fromkeys(("phonenumbers", "opencc", "pypinyin"), (_WORDS, True)),
    **dict.fromkeys(("openpyxl", "python_calamine", "xlrd"), (_BOOKS, True)),
    **dict.fromkeys(("jinja2", "markupsafe", "plotly"), (("crmcli/reports/html",), True)),
}
IMPURE = {
    "os",
    "random",
    "secrets",
    "uuid",
    "time",
    "socket",
    "subprocess",
    "tempfile",
    "shutil",
    "logging",
    "io",
    "sys",
}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION, LONGEST_COMMAND = 300, 350, 50, 30
ONE_WRITE_PATH = "crmcli/jobs/deals/stages.py"
_DECIDED_BY_EVENTS = {"'stage'", "'status'", "'closed_at'", "'loss_reason'"}
# tests about several modules at once; those of an import as a whole are named for what they try
ACROSS = (
    "tests/test_architecture.py",
    "tests/test_translations.py",
    "tests/test_owner_paths.py",
    "tests/jobs/importing/",
    "tests/jobs/reporting/truth/",
    "tests/jobs/simulation/",
    "tests/jobs/test_crash.py",
    "tests/matching/test_lookalikes.py",
)
# whole modules that are slow to import, because of what they stand on
SLOW_MODULES = "crmcli/reports/excel"
_THIS_MACHINE = re.compile(r"(?<![\w.:/])/(?:work|tmp|home|root|Users)/\w|[A-Z]:\\\\?Users\b")
# a run's own row is the journal's to write
_WRITING = re.compile(r"\b(?:INSERT|REPLACE)\b.+\bINTO\b|\bDELETE FROM\b|\bUPDATE (?!run\b)\w+ SET\b")

Rule = Callable[[str, str], Iterator[str]]


@cache
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


@cache
def _imports(path: str, source: str) -> tuple[tuple[str, bool], ...]:
    """Return (dotted module, whether inside a function or only for types) of every import."""
    found: list[tuple[str, bool]] = []
    waiting: list[tuple[ast.AST, bool]] = [(_tree(source), False)]
    while waiting:
        node, later = waiting.pop()
        if isinstance(node, ast.Import):
            found += [(alias.name, later) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = PurePosixPath(path).parts[: -node.level] if node.level else ()
            module = ".".join((*base, *([node.module] if node.module else ())))
            found += [(f"{module}.{alias.name}" if module == "crmcli" else module, later) for alias in node.names]
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.mod):
            later = later or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _is_for_types(node)
            waiting += [(inner, later) for inner in ast.iter_child_nodes(node)]
    return tuple(found)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def layers(path: str, source: str) -> Iterator[str]:
    """Yield imports against the order of the rooms."""
    parts = PurePosixPath(path).with_suffix("").parts
    if parts[0] != "crmcli":
        return
    room = "" if parts[1] == "__init__" else parts[1]
    if room not in MAY_IMPORT:
        yield f"{path}: no such room"
        return
    for module, _ in _imports(path, source):
        name, _, rest = module.partition(".")
        other = rest.partition(".")[0]
        other = "" if other.startswith("__") else other
        if name == "crmcli" and other != room and other not in MAY_IMPORT[room]:
            yield f"{path}: {room or 'the package'} may not import {module}"


def packages(path: str, source: str) -> Iterator[str]:
    """Yield imports of other people's packages outside the rooms that are for them."""
    if not path.startswith("crmcli/"):
        return
    for module, later in _imports(path, source):
        places, inside = ONLY_IN.get(module.partition(".")[0], ((path,), False))
        slow = inside or module.replace(".", "/").startswith(SLOW_MODULES)
        if not path.startswith(places):
            yield f"{path}: {module} is not for here"
        elif slow and not later and not path.startswith(SLOW_MODULES):
            yield f"{path}: {module} is slow to import: inside functions only"


def purity(path: str, source: str) -> Iterator[str]:
    """Yield files, clocks, randomness and terminals in the pure rooms."""
    if not path.startswith(("crmcli/domain/", "crmcli/matching/")):
        return
    for module, _ in _imports(path, source):
        if module.partition(".")[0] in IMPURE:
            yield f"{path}: {module} in a pure room"
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in ("open", "print", "input") or re.search(r"\b(now|today|utcnow|read_text|write_text)$", name):
                yield f"{path}:{node.lineno}: {name}() in a pure room"


def sizes(path: str, source: str) -> Iterator[str]:
    """Yield files and functions that are too long; a file that is one table may be as long as the table."""
    tree = _tree(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    lines = len(source.splitlines())
    longest = LONGEST_TEST_FILE if path.startswith("tests/") else LONGEST_FILE
    if lines > longest and (functions or classes):
        yield f"{path}: {lines} lines"
    for function in functions:
        in_commands = path.startswith("crmcli/commands/") and function.name != "import_"
        limit = LONGEST_COMMAND if in_commands else LONGEST_FUNCTION
        if (length := _own_lines(function)) > limit:
            yield f"{path}:{function.lineno}: {function.name} has {length} lines"


def _own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's lines without those of the functions in it."""
    inner = [node for node in function.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    within = [_lines(node) + len(node.decorator_list) for node in inner]
    return _lines(function) - sum(within)


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def names(path: str, _source: str) -> Iterator[str]:
    """Yield modules whose name says nothing."""
    if VAGUE & set(PurePosixPath(path).with_suffix("").parts):
        yield f"{path}: a name that says nothing"


def mirrors(path: str, _source: str) -> Iterator[str]:
    """Yield test files that mirror no module and no preset; `test_undo_journeys` tests `undo` in one way of several."""
    test = PurePosixPath(path)
    if test.parts[0] != "tests" or not test.name.startswith("test_") or path.startswith(ACROSS):
        return
    inside = PurePosixPath(*test.parts[1:]).with_name(test.stem.removeprefix("test_"))
    folders = [ROOT / inside] if inside.parts[0] in SOURCES else [ROOT / "crmcli" / inside]
    words = inside.name.split("_")
    stems = ["_".join(words[:length]) for length in range(1, len(words) + 1)]
    places = [folder.with_name(stem) for folder in folders for stem in stems]
    presets = [
        toml for place in places if place.parent.name == "presets" for toml in place.parent.glob(f"{place.name}*.toml")
    ]
    if not presets and not any(place.is_dir() or place.with_suffix(".py").is_file() for place in places):
        yield f"{path}: mirrors neither a module nor a package"


def this_machine(path: str, source: str) -> Iterator[str]:
    """Yield absolute paths of the machine somebody worked on."""
    for number, line in enumerate(source.splitlines(), 1):
        if path != "tests/test_architecture.py" and _THIS_MACHINE.search(line):
            yield f"{path}:{number}: an absolute path: {line.strip()}"


def stage_writes(path: str, source: str) -> Iterator[str]:
    """Yield writes of stage events, of what they decide, and of record tables by SQL, outside their one path."""
    if not path.startswith("crmcli/"):
        return
    in_store, in_jobs = path.startswith("crmcli/store/"), path.startswith("crmcli/jobs/")
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Dict) and path != ONE_WRITE_PATH:
            pairs = {ast.unparse(key): value for key, value in zip(node.keys, node.values, strict=True) if key}
            field = pairs.get("'field'")
            if isinstance(field, ast.Constant) and field.value == "stage":
                yield f"{path}:{node.lineno}: makes a stage event"
        elif isinstance(node, ast.Call) and in_jobs and path != ONE_WRITE_PATH:
            yield from _stages_updated(path, node)
        elif isinstance(node, ast.Constant) and not in_store and _WRITING.search(str(node.value)):
            yield f"{path}:{node.lineno}: writes a table by SQL"


def _stages_updated(path: str, call: ast.Call) -> Iterator[str]:
    """Yield updates of an opportunity that name what its stage events decide."""
    words = [ast.unparse(argument) for argument in call.args]
    if ast.unparse(call.func).endswith(".update") and words[:1] == ["'opportunity'"]:
        named = {ast.unparse(key) for argument in call.args[1:] for key in _keys_of_dicts(argument)}
        for column in sorted(named & _DECIDED_BY_EVENTS):
            yield f"{path}:{call.lineno}: sets an opportunity's {column} beside its events"


def _keys_of_dicts(node: ast.AST) -> Iterator[ast.AST]:
    return (key for found in ast.walk(node) if isinstance(found, ast.Dict) for key in found.keys if key)


def excepts(path: str, source: str) -> Iterator[str]:
    """Yield handlers that catch everything; native code in the reading child may panic with anything."""
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            if caught in ("Exception", "BaseException", "everything") and path != "crmcli/importers/readers/engine.py":
                yield f"{path}:{node.lineno}: catches {caught}"


RULES: tuple[Rule, ...] = (
    layers, packages, purity, sizes, names, mirrors, this_machine, stage_writes, excepts
)  # fmt: skip


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_sources_keep_the_rule(rule: Rule) -> None:
    broken = [
        words
        for file in _files()
        for words in rule(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    ]
    assert broken == []


def test_no_document_names_this_machine() -> None:
    found = [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        ROOT / ".ci/run",
    ]
    broken = [w for file in found if file.is_file() for w in this_machine(file.name, file.read_text(encoding="utf-8"))]
    assert broken == []


_LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 50
_LONG_COMMAND = "def f():\n" + "    x = 1\n" * 30
BROKEN = [
    (stage_writes, "crmcli/jobs/x.py", "run.update('opportunity', deal, {'owner': 'A', 'stage': 'B'})"),
    (stage_writes, "crmcli/jobs/x.py", "run.update('opportunity', deal, {'owner': 'A'} | {'status': 'won'})"),
    (layers, "crmcli/store/a.py", "from crmcli.importers.sheet import Sheet"),
    (layers, "crmcli/domain/a.py", "def f():\n    import crmcli.store.database"),
    (layers, "crmcli/domain/a.py", "from crmcli import jobs"),
    (layers, "crmcli/jobs/a.py", "from ..commands import shell"),
    (layers, "crmcli/config/a.py", "from crmcli.store.database import Database"),
    (layers, "crmcli/reports/a.py", "from crmcli.config import Settings"),
    (layers, "crmcli/demo_data/a.py", "from crmcli.jobs.deals.stages import stage_event"),
    (layers, "crmcli/extra/a.py", ""),
    (packages, "crmcli/jobs/a.py", "import typer"),
    (packages, "crmcli/reports/excel/workbook.py", "from rich.table import Table"),
    (packages, "crmcli/commands/a.py", "import click"),
    (packages, "crmcli/jobs/a.py", "def f():\n    import sqlite3"),
    (packages, "crmcli/importers/a.py", "import pandas as pd"),
    (packages, "crmcli/store/a.py", "def f():\n    import numpy"),
    (packages, "crmcli/importers/a.py", "def f():\n    import openpyxl"),
    (packages, "crmcli/jobs/a.py", "from crmcli.reports.excel.workbook import save"),
    (packages, "crmcli/domain/a.py", "def f():\n    import phonenumbers"),
    (purity, "crmcli/domain/a.py", "import random"),
    (purity, "crmcli/matching/a.py", "from datetime import datetime\nx = datetime.now()"),
    (purity, "crmcli/domain/a.py", "def f():\n    return open('x')"),
    (sizes, "crmcli/jobs/a.py", "def f(): ...\n" + "x = 1\n" * 300),
    (sizes, "crmcli/jobs/a.py", _LONG_FUNCTION),
    (sizes, "crmcli/commands/a.py", _LONG_COMMAND),
    (sizes, "crmcli/jobs/a.py", "def outer():\n    def g(): ...\n" + "    x = 1\n" * 50),
    (names, "crmcli/jobs/utils.py", ""),
    (names, "crmcli/helpers/a.py", ""),
    (mirrors, "tests/jobs/test_nothing_of_the_kind.py", ""),
    (this_machine, "crmcli/jobs/a.py", "path = '/home/me/crm.db'"),
    (this_machine, "crmcli/jobs/a.py", "path = '/home/somebody/x'"),
    (stage_writes, "crmcli/jobs/a.py", "event = {'opportunity_id': 1, 'field': 'stage'}"),
    (stage_writes, "crmcli/jobs/a.py", "sql = 'UPDATE opportunity SET stage = ?'"),
    (stage_writes, "crmcli/jobs/a.py", "sql = 'INSERT INTO event (field) VALUES (?)'"),
    (excepts, "crmcli/jobs/a.py", "try:\n    f()\nexcept Exception:\n    pass"),
    (excepts, "crmcli/jobs/a.py", "try:\n    f()\nexcept:\n    pass"),
]
SOUND = [
    (stage_writes, "crmcli/jobs/x.py", "run.update('opportunity', deal, {'owner': 'A', 'pool': None})"),
    (layers, "crmcli/jobs/a.py", "from crmcli.store.database import Database\nfrom crmcli import __version__"),
    (packages, "crmcli/importers/a.py", "def f():\n    import pandas as pd"),
    (packages, "crmcli/matching/a.py", "if TYPE_CHECKING:\n    import numpy"),
    (sizes, "crmcli/domain/a.py", "TABLE = [\n" + "    1,\n" * 400 + "]"),
    (sizes, "crmcli/commands/a.py", _LONG_COMMAND.replace("f()", "import_()")),
    (mirrors, "tests/domain/test_changes.py", ""),
    (this_machine, "README.md", "see https://example.org/home/page and ./tmp/x"),
    (stage_writes, ONE_WRITE_PATH, "event = {'field': 'stage'}"),
]


@pytest.mark.parametrize(("rule", "path", "source"), BROKEN)
def test_the_rule_fails_on_a_broken_source(rule: Rule, path: str, source: str) -> None:
    assert list(rule(path, source))


@pytest.mark.parametrize(("rule", "path", "source"), SOUND)
def test_the_rule_lets_a_sound_source_be(rule: Rule, path: str, source: str) -> None:
    assert list(rule(path, source)) == []
