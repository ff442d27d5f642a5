import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.values.company_place import begins_doubtfully, place_of_company


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("上海宝裕房地产咨询有限公司", "上海 上海"),
        ("上海浦东新区张江科技有限公司", "上海 上海 浦东新区"),
        ("江苏昆山华东机械有限公司", "江苏 苏州 昆山市"),
        ("江苏省苏州市昆山市华东厂", "江苏 苏州 昆山市"),
        ("昆山华东机械有限公司", "江苏 苏州 昆山市"),
        ("昆山市场管理有限公司", "江苏 苏州 昆山市"),
        ("上海市场营销有限公司", "上海 上海"),
        ("上海路桥建设有限公司", "上海 上海"),
        ("台州水务集团", "浙江 台州"),
        ("泰州水务集团", "江苏 泰州"),
        ("吉林敖东药业集团", "吉林"),
        ("吉林市环城农村信用合作社", "吉林 吉林"),
        ("海南航空控股股份有限公司", "海南"),
        ("海南藏族自治州建设公司", "青海 海南"),
        ("河南双汇投资", "河南"),
        ("内蒙伊利公司", "内蒙古"),
        ("辽宁朝阳机床有限公司", "辽宁 朝阳"),
        ("朝阳市华东机床厂", "辽宁 朝阳"),
        ("朝阳县大山苗圃", "辽宁 朝阳 朝阳县"),
        ("广东中山火炬公司", "广东 中山"),
        ("延边朝鲜族自治州烟草公司", "吉林 延边"),
        ("廣州市瀛科投資有限公司", "广东 广州"),
        ("(香港)中国投资有限公司", "香港"),
        ("中国江苏国际经济技术合作公司", "江苏"),
        ("乐东黎族自治县农村信用合作联社", "海南 乐东"),
        ("浙江华东（杭州）有限公司", "浙江"),
        ("杭州银行", "浙江 杭州"),
        ("浙江大学", "浙江"),
    ],
)
def test_the_place_at_the_beginning(name: str, place: str) -> None:
    assert place_of_company(name) == tuple(place.split())


@pytest.mark.parametrize(
    "name",
    [
        *("", "北京", "海南", "吉林", "张海南", "上海张三", "ABC Trading", "华东精密机械有限公司"),
        *("长安汽车股份有限公司", "朝阳永续科技有限公司", "东方明珠新媒体公司", "阿里巴巴网络公司", "中山大学附属医院"),
        *(
            "上海路通物流有限公司",
            "南京东路餐饮有限公司",
            "北京路商贸有限公司",
            "南京北路智控公司",
            "上海滩服饰有限公司",
        ),
        *("三明治食品有限公司", "大连锁超市有限公司", "重庆小面餐饮有限公司", "兰州拉面馆和平店", "杭州湾建设公司"),
        *("东区便民超市店", "城东区解放百货店", "新华区百货商店"),
        *("锦州银行大连分行", "上海现代设计院安徽分公司", "中国建设银行天津分行", "北京华东办事处有限公司"),
        *("北京华联（上海）超市有限公司", "北京大学深圳医院", "重庆医药集团内蒙古天和医药有限公司"),
        *("华东精密（上海）有限公司", "中国银行股份有限公司", "中国南方航空公司"),
    ],
)
def test_nothing_is_said_where_it_is_not_beyond_doubt(name: str) -> None:
    assert place_of_company(name) == ()


@pytest.mark.parametrize("text", ["朝阳门外大街18号", "东方花园3栋", "东区5号", "日照花园", "阿里中心", "黄山新村"])
def test_words_that_are_as_often_no_place(text: str) -> None:
    assert begins_doubtfully(text)


@pytest.mark.parametrize(
    "text", ["朝阳市双塔区", "阿里地区噶尔县", "海东市", "红河哈尼族彝族自治州", "黄山路1号", "苏州"]
)
def test_places_in_full_are_not_doubted(text: str) -> None:
    assert not begins_doubtfully(text)


@given(st.text() | st.text("江苏省南京市上海区县路昆山朝阳中国(（）公司集团银行", max_size=14))
def test_no_text_breaks_it(text: str) -> None:
    assert len(place_of_company(text)) <= 3
