from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.i18n import msg
from crmcli.importers.mapping import ColumnMap
from crmcli.importers.parsers import Person, parser_of
from crmcli.importers.parsing import ColumnParser
from crmcli.importers.sheet import Column
from crmcli.jobs.dedupe.cells import said_in

PATHS = {"phones": "customer.phones", "emails": "customer.emails", "company": "customer.name"}
PATHS |= {"name": "contact.name", "text": "customer.address"}
cells = st.one_of(
    st.from_regex(r"1[2-9][0-9]{8,10}", fullmatch=True),
    st.from_regex(r"[a-zA-Z0-9.]{1,5}@[a-z0-9-]{1,4}(\.[a-z]{1,3}){1,4}", fullmatch=True),
    st.text("上海鼎信某科技有限公司（）()*×x 　", max_size=16).map(lambda text: f"{text}公司"),
    st.text("上海0139@.-=' ;公司", max_size=12),
    st.from_regex(r"(\+86|0086|86)?[- ]?1[2-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}", fullmatch=True),
    st.from_regex(r"0(10|[2-9][0-9]{1,2})-?[0-9]{6,8}(-[0-9]{1,3})?", fullmatch=True),
    st.text("张王欧阳三丽总工先生经理采购未知空白某1", max_size=5),
    st.text("上海市人民路12号-", max_size=16),
    st.sampled_from(["待定", "同上", "无", "N/A", "#REF!", "某某某某某某某某某公司", "a@b.cn;c@d.cn", "138-0013-8000"]),
)


def parser_for(kind: str) -> ColumnParser:
    target = ColumnMap(0, "", PATHS[kind], kind, 1.0, msg("given"))
    return ColumnParser(target, *parser_of(target, [], ZoneInfo("Asia/Shanghai")))


@pytest.mark.parametrize("kind", PATHS)
@settings(deadline=None)
@given(st.lists(cells, max_size=20, unique=True))
def test_a_plain_cell_says_what_its_parser_says(kind: str, texts: list[str]) -> None:
    parser = parser_for(kind)
    read = parser.parse(Column("", 0, texts, ())).values
    for text, value, said in zip(texts, read, said_in(parser, texts), strict=True):
        if isinstance(value, list):
            assert said == (";".join(value) if kind == "phones" else value[0]), text
        elif isinstance(value, Person):
            assert said == value.name, text
        elif isinstance(value, str):
            assert said == value, text
        elif said:
            assert kind == "phones", text
            assert said.isdigit()
