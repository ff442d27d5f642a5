from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crmcli.config import ConfigError, check_config, config_hash, load_settings, template
from crmcli.config.findings import NoConfigFile

ANN: dict[str, Any] = {"name": "Ann", "team": "East", "region": "North", "manager": "Joe", "active": 1}
LEFT: dict[str, Any] = {"name": "Bob", "team": "West", "active": 0}
STAGES = '[[pipeline]]\nkey = "k"\nstages = [\n  { name = "A" },\n  { name = "B", %s },\n]\n'
RULE = '[[assign.rule]]\nname = "r"\nto = "Ann"\n%s\n'


@pytest.fixture
def toml(tmp_path: Path) -> Any:
    def write(text: str) -> Path:
        path = tmp_path / "crm.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def found(path: Path) -> list[tuple[int, str, str]]:
    findings = check_config(path, [ANN, LEFT])
    return [(finding.line, finding.severity, str(finding.message)) for finding in findings]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("[asign]\nsticky = true", 1, "key asign is unknown; do you mean assign?"),
        ("[workspace]\nname = 'x'\ntimezon = 'UTC'", 3, "key timezon is unknown; do you mean timezone?"),
        ("[workspace]\n名称 = 'x'", 2, "a key with letters other than a-z stands in quotes"),
        ("[workspace]\n'名称' = 'x'", 2, "key 名称 is unknown; there are name, language, timezone"),
        ("[工作区]\nname = 'x'", 1, "a key with letters other than a-z stands in quotes"),
        (STAGES % "probabilty = 5", 5, "key probabilty is unknown; do you mean probability?"),
        (STAGES % "probability = 101", 5, "probability is at most 100.0, not 101"),
        (STAGES % "probability = -1", 5, "probability is at least 0.0, not -1"),
        (STAGES % "probability = '10%'", 5, "probability is a number, not '10%'"),
        (STAGES % "rot_days = 1.5", 5, "rot_days is a whole number, not 1.5"),
        (
            STAGES % "category = 'best'",
            5,
            "category is one of 'pipeline', 'best_case', 'commit', 'omitted', not 'best'",
        ),
        (STAGES % "require = ['amout']", 5, "field amout is unknown; do you mean amount?"),
        ("[[pipeline]]\nkey = 'k'\nstages = []", 3, "stages needs at least 1 entries"),
        ("[[pipeline]]\nkey = 'k'", 1, "stages is missing"),
        ("[[pipeline]]\nkey = 'k'\nstages = [\n{ name = 'A' },\n{ name = 'A' }]", 5, "A is there twice"),
        ("[[pipeline]]\nkey = 'k'\nstages = [{ name = 'A' }]\nwon = 'A'", 4, "A is there twice"),
        (
            "[[pipeline]]\nkey = 'k'\nstages = [{ name = 'Quote' }]\nqualified_stage = 'Qoute'",
            4,
            "stage Qoute is unknown; do you mean Quote?",
        ),
        ("[loss]\nreasons = ['a',\n 'b',\n 'a']", 4, "a is there twice"),
        ("[loss]\nrequired = 'yes'", 2, "required is true or false, not 'yes'"),
        ("[[owner]]\nteam = 'x'", 1, "name is missing"),
        ("[[owner]]\nname = 'Ann'\n[[owner]]\nname = 'ANN'", 4, "ANN is there twice"),
        ("[[owner]]\nname = 'Ann'\nwieght = 2", 3, "key wieght is unknown; do you mean weight?"),
        ("[[owner]]\nname = 'Ann'\nweight = true", 3, "weight is a number, not true"),
        ("[[owner]]\nname = 'Ann'\nprovinces = '上海'", 3, "provinces is a list in [ ], not '上海'"),
        (
            "[[owner]]\nname = 'Ann'\nleave = [['2026-10-08', '2026-10-01']]",
            3,
            "leave: the last day is before the first",
        ),
        (
            "[[owner]]\nname = 'Ann'\nleave = [['soon', '2026-10-01']]",
            3,
            "leave is a day such as 2026-10-01, not 'soon'",
        ),
        ("[[owner]]\nname = 'Ann'\nleave = [[1, '2026-10-01']]", 3, "leave is a day such as 2026-10-01, not 1"),
        ("[[owner]]\nname = 'Ann'\nwork_days = ['fryday']", 3, "work_days is a whole number, not 'fryday'"),
        ("[assign]\nfallback = '公诲'", 2, "owner 公诲 is unknown; do you mean 公海?"),
        ("[assign]\nfallback = 'Anne'", 2, "owner Anne is unknown; do you mean Ann?"),
        ("[assign]\nholidays = 'US'", 2, "holidays is one of '', 'CN', not 'US'"),
        (
            RULE % "strategy = 'random'",
            4,
            "strategy is one of 'fixed', 'round_robin', 'weighted', 'least_load', not 'random'",
        ),
        (RULE % "stratgy = 'fixed'", 4, "key stratgy is unknown; do you mean strategy?"),
        (RULE % "when = { amuont = '> 5' }", 4, "there is no field amuont; known are address, amount, budget, city"),
        (RULE % "when = { amount = '> much' }", 4, "amount: much is not an amount"),
        (RULE % "when = { province = '> 上海' }", 4, "province is a text: > compares only numbers and dates"),
        (RULE % "when = { product = [] }", 4, "product: the list is empty"),
        (
            RULE % "when.source = 'a'\n[[assign.rule]]\nname = 'r'\nto = 'Ann'\nwhen.source = 'b'",
            6,
            "r is there twice",
        ),
        ("[[assign.rule]]\nname = 'r'\nto = 'Amn'", 3, "owner Amn is unknown; do you mean Ann?"),
        ("[[assign.rule]]\nname = 'r'\nto = [\n'Ann',\n'Nobody']", 5, "owner Nobody is unknown; there are Ann, Bob"),
        ("[[assign.rule]]\nname = 'r'\nto = []", 3, "to needs at least 1 entries"),
        ("[[assign.rule]]\nname = 'r'\nto = {}", 3, "the rule names nobody: give a team, region or manager"),
        ("[[assign.rule]]\nname = 'r'\nto = 5", 3, "to is a list in [ ], not 5"),
        ("[[assign.rule]]\nname = 'r'\nto = { taem = 'East' }", 3, "key taem is unknown; do you mean team?"),
        ("[[assign.rule]]\nname = 'r'\nto = { team = 'Easst' }", 3, "team Easst is unknown; do you mean East?"),
        ("[[assign.rule]]\nname = 'r'\nto = { region = 'South' }", 3, "region South is unknown; do you mean North?"),
        ("[[assign.rule]]\nname = 'r'\nto = { manager = 'X' }", 3, "manager X is unknown; there are Joe"),
        (
            "[[assign.rule]]\nname = 'r'\nto = { team = 'West', region = 'North' }",
            3,
            "the rule names nobody: no owner is in all its groups",
        ),
        ("[[assign.rule]]\nname = 'r'", 1, "to is missing"),
        ("[grade]\nC = 5", 2, "key C is unknown; there are A, B, rule"),
        ("[[grade.rule]]\npoints = '5'", 2, "points is a whole number, not '5'"),
        ("[[grade.rule]]\npoints = 5\n[grade.rule.when]\nlevle = 'A'", 4, "levle"),
        (
            "[[pool]]\nname = 'p'\nrecycle = { no_followup_days = 3 }",
            3,
            "key no_followup_days is unknown; do you mean no_follow_up_days?",
        ),
        ("[[target]]\nowner = 'Ann'\nperiod = '2026Q5'", 3, "'2026Q5' is not how period is written"),
        ("[source.old]\nowns = ['stage', 'amonut']", 2, "field amonut is unknown; do you mean amount?"),
        ("[remind]\nlevels = [3, 5]", 2, "levels is missing"),
        (
            "[[preset]]\nname = 'p'\nheaders = ['h']\nmap = { h = 'customer.nmae' }",
            4,
            "field customer.nmae is unknown; do you mean customer.name?",
        ),
        ("[[preset]]\nname = 'p'\nheaders = ['h']\nmap = {}\nkind = 'custmer'", 5, "do you mean customer?"),
        ("[[preset]]\nname = 'p'\nheaders = ['h']\nmap = {}\nsheet = '('", 5, "'(' is no pattern: missing )"),
        ("[[preset]]\nname = 'p'\nheaders = ['h']\nmap = {}\nskip = { h = '[' }", 5, "'[' is no pattern"),
        ("[[preset]]\nname = 'p'\nheaders = ['h']\nmap = {}\nstage_dates = '^进入'", 5, "needs one group in ( )"),
        ("[[preset]]\nname = 'p'\nheaders = ['h']\nmap = {}\nany_of = ['x']", 5, "any_of is a list in [ ], not 'x'"),
        (
            "[[preset]]\nname = 'p'\nheaders = ['h']\nmap = {}\n[preset.constant]\n'customer.sorce' = 'x'",
            6,
            "field customer.sorce is unknown; do you mean customer.source?",
        ),
        (
            "[[preset]]\nname = 'p'\nheaders = ['h']\nmap = {}\n[preset.values.'customer.sorce']\n1 = 'x'",
            5,
            "field customer.sorce is unknown; do you mean customer.source?",
        ),
        ("[workspace]\ntimezone = 'Beijing'", 2, "'Beijing' is no time zone; one is Asia/Shanghai"),
        ("[workspace]\ncurrency = '元'", 2, "'元' is not how currency is written"),
        ("[workspace]\nmin_n = 0", 2, "min_n is at least 1, not 0"),
        ("workspace = 1", 1, "workspace is a table in { }, not 1"),
        ("[workspace]\nname = “示例”", 2, "full-width “ is not understood here: type it in half width"),
        ("[workspace]\nname ＝ '示例'", 2, "full-width ＝ is not understood here: type it in half width"),
        ("[workspace]\nname = 'a'\nname = 'b'", 3, "this is not TOML: Cannot overwrite a value"),
        ("[workspace\nname = 'a'", 1, "this is not TOML: Expected ']' at the end of a table declaration"),
        ("a = [1,\n2", 2, "this is not TOML: Unclosed array"),
    ],
)
def test_an_error_is_named_by_its_line(toml: Any, text: str, line: int, sentence: str) -> None:
    (finding,) = found(toml(text))
    assert finding[:2] == (line, "error")
    assert sentence in finding[2]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("[[target]]\nowner = 'Amn'\nperiod = '2026'", 2, "owner Amn is unknown; do you mean Ann?"),
        ("[[target]]\nteam = 'Esat'\nperiod = '2026'", 2, "team Esat is unknown; do you mean East?"),
        (
            "[[goal]]\nmetric = 'winrate'\nvalue = 30\nowner = 'Amn'\nperiod = '2026'",
            4,
            "owner Amn is unknown; do you mean Ann?",
        ),
        ("[[owner]]\nname = 'Cid'\ndeputy = 'Amn'", 3, "owner Amn is unknown; do you mean Ann?"),
        ("[[assign.rule]]\nname = 'r'\nto = ['Ann', 'Bob']", 3, "Bob is not active and gets nothing"),
        ("[assign]\nfallback = 'Bob'", 2, "Bob is not active and gets nothing"),
        (
            RULE % "#\n[[assign.rule]]\nname = 's'\nwhen = { grade = 'A' }\nto = '*'",
            6,
            "rule s is never reached: r takes its deals",
        ),
        (
            RULE % "when.amount = '>= 10'\n[[assign.rule]]\nname = 's'\nto = '*'\nwhen = { amount = 30, grade = 'A' }",
            6,
            "rule s is never reached: r takes its deals",
        ),
        (
            RULE % "when.province = ['上海', '江苏']\n[[assign.rule]]\nname = 's'\nto = '*'\nwhen.province = '江苏省'",
            6,
            "rule s is never reached: r takes its deals",
        ),
        ("[source.old]\nowns = ['stage', 'phones']", 2, "phones is united whatever the source says"),
        (
            "[source.old]\nowns = ['stage', 'customer.level']\n[source.new]\nowns = ['stage']",
            4,
            "old decides on stage too: between them a fixed order does",
        ),
        ("[loss]\nsynonyms = { 'x' = ['y'] }", 2, "loss reason x is unknown; there are 价格"),
        (
            STAGES % "rot_days = 5" + "[pipeline.synonyms]\nC = ['c']",
            8,
            "stage C is unknown; there are A, B, 赢单, 输单, 无效",
        ),
    ],
)
def test_a_warning_does_not_stop_anybody(toml: Any, text: str, line: int, sentence: str) -> None:
    path = toml(text)
    (finding,) = found(path)
    assert finding[:2] == (line, "warning")
    assert finding[2].startswith(sentence)
    assert load_settings(path, [ANN, LEFT]).workspace.currency == "CNY"


@pytest.mark.parametrize(
    "first",
    [
        "on_full = 'next_rule'",
        "only_new = true",
        "min_age = 3",
        "when = { amount = '> 20' }",
        "when = { source = '!= x' }",
    ],
)
def test_a_rule_that_lets_deals_through_hides_no_later_one(toml: Any, first: str) -> None:
    later = "[[assign.rule]]\nname = 's'\nto = '*'\nwhen = { amount = '>= 20' }"
    assert found(toml(f"{RULE % first}{later}")) == []


def test_several_mistakes_come_together_in_the_order_of_lines(toml: Any) -> None:
    path = toml(
        "[[assign.rule]]\nname = 'r'\nto = 'Amn'\n[workspace]\ntimezon = 'x'\n[[target]]\nteam = 'x'\nperiod = '2026'\n"
    )
    assert [(line, severity) for line, severity, _ in found(path)] == [(3, "error"), (5, "error"), (7, "warning")]


def test_loading_fails_with_file_line_and_what_is_wrong(toml: Any) -> None:
    path = toml("[workspace]\nmin_n = 5\ncurency = 'CNY'\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert str(caught.value) == f"{path}:3: key curency is unknown; do you mean currency?"
    assert "1 found" in str(caught.value.hint)


def test_names_are_asked_for_only_where_the_owners_are_known(toml: Any) -> None:
    path = toml("[[assign.rule]]\nname = 'r'\nto = { region = 'North' }\n")
    assert load_settings(path).assign.rule[0].name == "r"
    assert load_settings(path, [ANN]).assign.rule[0].name == "r"
    with pytest.raises(ConfigError):
        load_settings(path, [LEFT])


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoConfigFile) as caught:
        load_settings(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_another_encoding_is_named_and_a_byte_order_mark_is_not_minded(tmp_path: Path) -> None:
    path = tmp_path / "crm.toml"
    path.write_bytes(b"[workspace]\r\n" + 'name = "示例"'.encode("gb18030"))
    assert found(path) == [(2, "error", "the file is not UTF-8: save it with that encoding")]
    path.write_bytes(b"\xef\xbb\xbf[workspace]\r\nname = 'x'\r\nnmae = 'y'\r\n")
    assert [finding[0] for finding in found(path)] == [3]


def test_equal_settings_have_an_equal_hash_however_they_are_written(toml: Any) -> None:
    written = config_hash(load_settings(toml("[grade]\nB = 30\nA = 60 # the default\n")))
    assert written == config_hash(load_settings(None)) == config_hash(load_settings(toml(template("zh"))))
    assert written != config_hash(load_settings(toml("[grade]\nA = 61\n")))
    assert len(written) == 64
