import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.values.person import Remark, looks_like_person, remark_parts


@pytest.mark.parametrize("text", ["张三", "王小明", "欧阳娜娜", "陳大文", "Moses Frase", "Anna-Maria O'Neil"])
def test_names_of_people(text: str) -> None:
    assert looks_like_person(text)


@pytest.mark.parametrize(
    "text", ["张", "华东精密", "采购部", "AAA建材王姐", "A000张三", "王氏集团", "13800000000", "GTX"]
)
def test_what_is_no_name(text: str) -> None:
    assert not looks_like_person(text)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("张三-XX科技-13800000000", Remark("张三", "XX科技", ("+8613800000000",))),
        ("李四 华东精密有限公司", Remark("李四", "华东精密有限公司", ())),
        ("王总-上海鼎信物流", Remark("王总", "上海鼎信物流", ())),
        ("张三（苏州佳美五金）138-0000-0000", Remark("张三", "苏州佳美五金", ("+8613800000000",))),
        ("广州***公司-张三", Remark("张三", None, ())),
        ("AAA建材王姐", Remark(None, None, ())),
        ("A000张三", Remark(None, None, ())),
        ("老王😊", Remark(None, None, ())),
    ],
)
def test_remarks_say_only_what_is_sure(text: str, remark: Remark) -> None:
    assert remark_parts(text) == remark


@given(st.text() | st.text("张三李总公司科技-、()13800000000 ", max_size=30))
def test_no_text_breaks_the_parsers(text: str) -> None:
    assert isinstance(remark_parts(text), Remark)
