"""Made-up pairs of different firms that look alike: none may be merged without asking."""

from __future__ import annotations

import pytest

from crmcli.matching.find import find_duplicates
from crmcli.matching.records import MatchBatch

ONE_CHARACTER = [
    ("上海拓搏科技有限公司", "上海拓博科技有限公司"),
    ("杭州昌建贸易有限公司", "杭州昌健贸易有限公司"),
    ("北京恒远达物流有限公司", "北京恒源达物流有限公司"),
    ("深圳市旭晖电子有限公司", "深圳市曜晖电子有限公司"),
    ("苏州鼎信机械设备有限公司", "苏州鼎鑫机械设备有限公司"),
    ("广州嘉和食品有限公司", "广州佳和食品有限公司"),
    ("成都锦程旅游有限公司", "成都锦城旅游有限公司"),
    ("武汉华瑞医药有限公司", "武汉华锐医药有限公司"),
    ("南京天誉置业有限公司", "南京天裕置业有限公司"),
    ("青岛海川化工有限公司", "青岛海创化工有限公司"),
    ("宁波金石新材料科技有限公司", "宁波金时新材料科技有限公司"),
    ("重庆长江三友实业有限公司", "重庆长江山友实业有限公司"),
    ("济南博雅教育咨询有限公司", "济南博亚教育咨询有限公司"),
    ("西安中科光电科技有限公司", "西安众科光电科技有限公司"),
    ("厦门盛世文化传媒有限公司", "厦门圣世文化传媒有限公司"),
]
PLACES = [
    ("上海鼎信物流有限公司", "北京鼎信物流有限公司"),
    ("苏州恒达机械有限公司", "无锡恒达机械有限公司"),
    ("江苏华联贸易有限公司", "浙江华联贸易有限公司"),
    ("鼎信科技（深圳）有限公司", "鼎信科技（广州）有限公司"),
    ("福建万方实业有限公司", "福州万方实业有限公司"),
    ("吉林省恒通运输有限公司", "吉林市恒通运输有限公司"),
    ("北京市朝阳区利民超市", "北京市海淀区利民超市"),
    ("嘉里物流（武汉）有限公司", "嘉里物流（成都）有限公司"),
    ("华润水泥（南宁）有限公司", "华润水泥（贵港）有限公司"),
    ("上海建工集团有限公司", "北京建工集团有限公司"),
]
TRADES = [
    ("福建天策投资有限公司", "福建天策股权投资有限公司"),
    ("上海信盟有限公司", "上海信盟投资有限公司"),
    ("上海鼎信贸易有限公司", "上海鼎信物流有限公司"),
    ("北京恒远科技有限公司", "北京恒远信息科技有限公司"),
    ("深圳华锐电子有限公司", "深圳华锐电子商务有限公司"),
    ("杭州天誉房地产开发有限公司", "杭州天誉房地产经纪有限公司"),
    ("广州嘉和食品有限公司", "广州嘉和食品机械有限公司"),
    ("成都锦程旅行社有限公司", "成都锦程酒店管理有限公司"),
    ("重庆东升铝业有限公司", "重庆东升铜业有限公司"),
    ("青岛海川化工有限公司", "青岛海川化工设备有限公司"),
    ("武汉博雅教育科技有限公司", "武汉博雅教育咨询有限公司"),
    ("长沙中联融资租赁有限公司", "长沙中联融资担保有限公司"),
    ("厦门农村商业银行股份有限公司", "厦门银行股份有限公司"),
    ("南京华泰基金管理有限公司", "南京华泰期货有限公司"),
    ("苏州金石投资管理有限公司", "苏州金石投资咨询有限公司"),
]
STRUCTURE = [
    ("上海鼎信贸易有限公司", "上海鼎信贸易有限公司第一分公司"),
    ("上海鼎信贸易有限公司第一分公司", "上海鼎信贸易有限公司第二分公司"),
    ("中国工商银行武汉洪山支行", "中国工商银行武汉青山支行"),
    ("中国工商银行厦门湖里支行", "中国农业银行厦门湖里支行"),
    ("中国建设银行股份有限公司", "中国建设银行股份有限公司佛山分行"),
    ("内蒙古宏东煤炭有限公司", "内蒙古宏东煤炭集团有限责任公司"),
    ("北京华远集团有限公司", "北京华远置业有限公司"),
    ("绍兴恒远投资合伙企业（有限合伙）", "绍兴恒远投资有限公司"),
    ("海通证券上海福州路营业部", "海通证券北京福州路营业部"),
    ("上海鼎信餐饮管理有限公司南京西路门店", "上海鼎信餐饮管理有限公司淮海路门店"),
]
DIGITS = [
    ("新疆兵团第六师国有资产经营有限公司", "新疆兵团第七师国有资产经营有限公司"),
    ("北京第一机床厂", "北京第二机床厂"),
    ("天津市3号仓储有限公司", "天津市5号仓储有限公司"),
    ("中铁十二局工程有限公司", "中铁十四局工程有限公司"),
    ("上海三建建筑工程有限公司", "上海五建建筑工程有限公司"),
    ("黄山一号投资基金合伙企业（有限合伙）", "黄山二号投资基金合伙企业（有限合伙）"),
    ("上海360网络科技有限公司", "上海361网络科技有限公司"),
    ("深圳八马茶业有限公司", "深圳七马茶业有限公司"),
    ("贰号股权投资基金合伙企业", "叁号股权投资基金合伙企业"),
    ("惠州超频三光电科技有限公司", "惠州超频五光电科技有限公司"),
]
LOOKALIKES = ONE_CHARACTER + PLACES + TRADES + STRUCTURE + DIGITS


def test_there_are_sixty_pairs() -> None:
    assert len(LOOKALIKES) == 60


@pytest.mark.parametrize(("first", "second"), LOOKALIKES)
def test_firms_that_look_alike_are_never_merged_by_name(first: str, second: str) -> None:
    found = find_duplicates(MatchBatch(["1", "2"], [first, second]))
    assert found.cluster_ids == ["1", "2"]


@pytest.mark.parametrize(("first", "second"), LOOKALIKES)
def test_not_even_with_one_agents_phone_contact_and_address(first: str, second: str) -> None:
    batch = MatchBatch(
        ["1", "2"],
        [first, second],
        phones=["+8613800138000"] * 2,
        contacts=["王伟"] * 2,
        addresses=["上海市世纪大道100号"] * 2,
    )
    assert find_duplicates(batch).cluster_ids == ["1", "2"]


def test_all_of_them_in_one_batch_stay_apart() -> None:
    names = sorted({name for pair in LOOKALIKES for name in pair})
    found = find_duplicates(MatchBatch(names, names, phones=["+8613800138000"] * len(names)))
    cluster = dict(zip(found.ids, found.cluster_ids, strict=True))
    assert [pair for pair in LOOKALIKES if cluster[pair[0]] == cluster[pair[1]]] == []


def test_different_credit_codes_veto_and_equal_ones_decide() -> None:
    names = ["上海鼎信贸易有限公司", "上海鼎信贸易有限公司"]
    different = MatchBatch(["1", "2"], names, credit_codes=["91310000607321448W", "91110000802100433B"])
    assert find_duplicates(different).cluster_ids == ["1", "2"]
    renamed = ["上海拓搏科技有限公司", "上海拓博科技有限公司"]
    same = MatchBatch(["1", "2"], renamed, credit_codes=["91310000607321448W"] * 2)
    assert find_duplicates(same).cluster_ids == ["1", "1"]
