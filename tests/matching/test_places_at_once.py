from __future__ import annotations

import numpy as np
import pytest

from crmcli.matching.places import Place, leading_place
from crmcli.matching.places_at_once import Named, PlacesAtOnce
from crmcli.matching.signs import Signs

TEXTS = ["上海市浦东新区", "大连市政工程", "大连市鼎信", "鼎信", "朝阳鼎信", "沪", "", "吉林市", "北京朝阳"]


@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize("before", [(), (Place("北京市"),), (Place("辽宁省"), Place("辽宁省", "朝阳市"))])
def test_all_texts_start_with_what_each_starts_with(before: tuple[Place, ...], *, near: bool) -> None:
    signs = Signs(TEXTS)
    known = Named()
    places = PlacesAtOnce(signs, known)
    code = 0
    for place in before:
        code = known.code((*places.named[code], place))
    length, named = places.next(signs.start, signs.end, np.full(len(TEXTS), code), near=near)
    found = [leading_place(text, before if near else (), bare_areas=near) for text in TEXTS]
    assert length.tolist() == [len(one[1]) if one else 0 for one in found]
    assert [places.named[one] for one in named] == [(*before, one[0]) if one else before for one in found]
