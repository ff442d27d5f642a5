from __future__ import annotations

import pytest

from crmcli.matching.latin_places import places_written
from crmcli.matching.names import take_apart
from crmcli.matching.normalise import fold
from crmcli.matching.places import Place


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Shanghai Dingxin Technology Co., Ltd.", Place("上海市")),
        ("Dingxin (Ningbo) Trading Co., Ltd.", Place("浙江省", "宁波市")),
        ("Xiamen Hengtai Imp. & Exp. Co., Ltd.", Place("福建省", "厦门市")),
        ("Shaanxi Hengtai Co., Ltd.", Place("陕西省")),
        ("Suzhou Hengtai Co., Ltd.", Place("江苏省", "苏州市")),
        ("Hengtai (Hong Kong) Limited", Place("香港")),
    ],
)
def test_the_place_of_a_firm_is_read_from_its_english_name(name: str, place: Place) -> None:
    assert take_apart(fold(name)).places == (place,)


@pytest.mark.parametrize("name", ["Shanghai Court", "Dali Art Ltd", "Bank of New York Inc", "Peking Shanghai Duck Ltd"])
def test_other_words_are_no_places(name: str) -> None:
    assert take_apart(fold(name)).places == ()


def test_of_two_places_written_alike_neither_is_taken() -> None:
    assert places_written("yichun hengtai co ltd") == ()
