from __future__ import annotations

from opencc import OpenCC

from crmcli.demo_data.generate import generate
from crmcli.demo_data.spelling import exact_key


def test_exact_key_looks_past_width_script_spaces_and_brackets_only() -> None:
    assert exact_key("\u3000烨朔 紡織機械（寧波）有限公司 ") == exact_key("烨朔纺织机械(宁波)有限公司")
    assert exact_key("上海烨朔轴承有限公司") != exact_key("烨朔轴承有限公司")


def test_the_small_table_of_traditional_characters_agrees_with_opencc() -> None:
    to_simplified = OpenCC("t2s").convert
    names = {row.customer for file in generate().files for row in file.tables[0].rows if row.customer}
    assert [name for name in names if exact_key(to_simplified(name)) != exact_key(name)] == []
    assert sum(to_simplified(name) != name for name in names) >= 5


def test_one_written_name_never_means_two_firms() -> None:
    for seed in range(4):
        meaning: dict[str, int | None] = {}
        for file in generate(seed).files:
            for row in file.tables[0].rows:
                if row.customer:
                    assert meaning.setdefault(exact_key(row.customer), row.firm) == row.firm
