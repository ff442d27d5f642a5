from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.settle import Mode, Modes, Settled, fixed_order, modes_of_sheet, settle

BLANK = ENTITIES["customer"].blank()
ALL_MODES = pytest.mark.parametrize("mode", list(Mode))


def _settle(present: Record, incoming: Record, mode: Mode = Mode.FILL, *, by_person: bool = False) -> Settled:
    return settle("customer", BLANK | present, incoming, Modes(mode), lambda _column: by_person)


@pytest.mark.parametrize(("mode", "filled"), [(Mode.FILL, True), (Mode.OVERWRITE, True), (Mode.SKIP, False)])
def test_an_empty_field_is_filled_unless_records_are_left_alone(mode: Mode, *, filled: bool) -> None:
    told = _settle({}, {"industry": "机械"}, mode)
    assert told.changes == ({"industry": "机械"} if filled else {})
    assert (told.untaken, told.retired) == ({}, {})


@ALL_MODES
def test_lists_are_united_in_every_mode(mode: Mode) -> None:
    assert _settle({"phones": ["1", "2"]}, {"phones": ["2", "3"]}, mode).changes == {"phones": ["1", "2", "3"]}
    assert _settle({"phones": ["1", "2"]}, {"phones": ["2"]}, mode).changes == {}


@ALL_MODES
def test_the_same_value_changes_nothing(mode: Mode) -> None:
    told = _settle({"industry": "机械", "extra": {"列": "1"}}, {"industry": "机械", "extra": {"列": "1"}}, mode)
    assert told == Settled()


def test_overwriting_retires_what_was_there_even_a_person_s() -> None:
    told = _settle({"industry": "机械"}, {"industry": "化工"}, Mode.OVERWRITE, by_person=True)
    assert (told.changes, told.retired, told.untaken) == ({"industry": "化工"}, {"industry": "机械"}, {})


def test_what_a_person_set_stays_and_the_other_value_is_remembered() -> None:
    told = _settle({"industry": "机械"}, {"industry": "精密机械"}, by_person=True)
    assert (told.changes, told.untaken) == ({}, {"industry": "精密机械"})


def test_records_left_alone_remember_what_they_were_told() -> None:
    told = _settle({"industry": "机械"}, {"industry": "精密机械"}, Mode.SKIP)
    assert (told.changes, told.untaken) == ({}, {"industry": "精密机械"})


def test_columns_that_no_field_takes_are_settled_one_by_one() -> None:
    present = {"extra": {"甲": "1", "乙": "长一些"}}
    told = _settle(present, {"extra": {"甲": "12", "乙": "短", "丙": "3"}})
    assert told.changes == {"extra": {"甲": "12", "乙": "长一些", "丙": "3"}}
    assert (told.retired, told.untaken) == ({"extra.甲": "1"}, {"extra.乙": "短"})


def test_the_fuller_value_wins_whichever_came_first() -> None:
    assert sorted(["b", "廣東", "广东", "abc"], key=fixed_order) == ["b", "廣東", "广东", "abc"]


ROWS = st.fixed_dictionaries({"industry": st.sampled_from("甲乙丙丁"), "level": st.sampled_from("ABC")})


@given(st.lists(ROWS, max_size=4))
def test_the_order_of_imports_does_not_decide(rows: list[dict[str, Any]]) -> None:
    results = []
    for order in permutations(rows):
        record = dict(BLANK)
        for row in order:
            record |= _settle(record, row).changes
        results.append(record)
    assert all(record == results[0] for record in results)


def test_a_column_may_have_a_mode_of_its_own() -> None:
    columns = [("行业", "customer.industry"), ("客户级别", "customer.level"), ("网站", "")]
    named = {"客户级别": Mode.SKIP, "customer.industry": Mode.OVERWRITE, "网站": Mode.OVERWRITE}
    modes = modes_of_sheet(Mode.FILL, named, columns)
    present = BLANK | {
        "industry": "机械设备",
        "level": "A",
        "source": "展会",
        "extra": {"网站": "a.com", "别的": "长一些"},
    }
    incoming = {"industry": "化工", "level": "A级", "source": "展会现场", "extra": {"网站": "b.c", "别的": "短"}}
    told = settle("customer", present, incoming, modes, lambda _column: True)
    assert told.changes == {"industry": "化工", "extra": {"网站": "b.c", "别的": "长一些"}}
    assert told.untaken == {"level": "A级", "source": "展会现场", "extra.别的": "短"}


def test_a_key_alone_names_the_field_of_every_kind() -> None:
    modes = modes_of_sheet(Mode.FILL, {"amount": Mode.SKIP}, [])
    assert [modes.of("opportunity", column) for column in ("amount_fen", "owner")] == [Mode.SKIP, Mode.FILL]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(("standing", "wins"), [(1, {Mode.FILL, Mode.OVERWRITE}), (-1, set())])
def test_the_source_that_decides_wins_in_every_mode_but_over_no_person(
    mode: Mode, standing: int, wins: set[Mode]
) -> None:
    def told(*, person: bool) -> Record:
        present = BLANK | {"industry": "精密机械设备"}
        incoming = {"industry": "化工"}
        return settle("customer", present, incoming, Modes(mode), lambda _: person, lambda _: standing).changes

    assert told(person=False) == ({"industry": "化工"} if mode in wins else {})
    assert told(person=True) == ({"industry": "化工"} if mode in wins & {Mode.OVERWRITE} else {})


SUZHOU = {"province": "江苏", "city": "苏州", "address": "星湖街1号"}
PUDONG = {"province": "上海", "city": "上海", "district": "浦东新区"}


def test_what_is_said_of_a_customer_elsewhere_is_taken_or_left_together() -> None:
    taken = _settle(SUZHOU, PUDONG)
    assert taken.changes == {**PUDONG, "address": None}
    assert taken.retired == SUZHOU
    left = _settle(PUDONG, SUZHOU)
    assert (left.changes, left.untaken) == ({}, SUZHOU)
    assert _settle(SUZHOU, PUDONG, by_person=True).untaken == PUDONG


def test_a_city_alone_completes_no_province_that_it_may_not_lie_in() -> None:
    assert _settle({"province": "黑龙江"}, {"city": "苏州"}).changes == {}
    assert _settle({"province": "江苏"}, {"province": "江苏", "city": "苏州"}).changes == {"city": "苏州"}


def test_where_only_the_district_differs_the_addresses_are_compared_as_ever() -> None:
    told = _settle({**SUZHOU, "district": "虎丘区"}, {**SUZHOU, "district": "工业园区", "address": "街2号"})
    assert (told.changes, told.untaken) == ({"district": "工业园区"}, {"address": "街2号"})


_AREAS = st.sampled_from(
    [{}, {"province": "江苏"}, {"province": "江苏", "city": "苏州"}, {"province": "江苏", "city": "南京"}, PUDONG]
)


@given(rows=st.lists(_AREAS, min_size=1, max_size=4))
def test_whichever_row_came_first_the_area_is_the_same_and_of_one_row(rows: list[Record]) -> None:
    ends = []
    for order in permutations(rows):
        record = dict(BLANK)
        for row in order:
            record |= _settle(record, row).changes
        ends.append({key: record[key] for key in ("province", "city", "district") if record[key]})
    assert all(end == ends[0] for end in ends)
    assert ends[0] in rows


@pytest.mark.parametrize(("mode", "taken"), [(Mode.FILL, False), (Mode.SKIP, False), (Mode.OVERWRITE, True)])
def test_a_customer_in_a_public_pool_has_nobody_on_purpose(mode: Mode, *, taken: bool) -> None:
    told = _settle({"pool": "公海"}, {"owner": "王芳"}, mode)
    assert (told.changes, told.untaken) == (({"owner": "王芳"}, {}) if taken else ({}, {"owner": "王芳"}))
    assert _settle({"pool": "公海"}, {"owner": "公海"}) == Settled()
