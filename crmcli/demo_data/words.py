"""The characters and words that the made-up world is put together from; nothing here names a real firm or person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city: short names of city and province, and the area code of its landlines."""

    city: str
    province: str
    area_code: str

    @property
    def direct(self) -> bool:
        """Return whether the city is a province of its own (上海 ...)."""
        return self.city == self.province


PLACES = (
    Place("上海", "上海", "021"),
    Place("苏州", "江苏", "0512"),
    Place("昆山", "江苏", "0512"),
    Place("无锡", "江苏", "0510"),
    Place("常州", "江苏", "0519"),
    Place("南京", "江苏", "025"),
    Place("南通", "江苏", "0513"),
    Place("扬州", "江苏", "0514"),
    Place("杭州", "浙江", "0571"),
    Place("宁波", "浙江", "0574"),
    Place("嘉兴", "浙江", "0573"),
    Place("台州", "浙江", "0576"),
    Place("温州", "浙江", "0577"),
    Place("合肥", "安徽", "0551"),
    Place("芜湖", "安徽", "0553"),
    Place("滁州", "安徽", "0550"),
    Place("深圳", "广东", "0755"),
    Place("广州", "广东", "020"),
    Place("东莞", "广东", "0769"),
    Place("佛山", "广东", "0757"),
    Place("中山", "广东", "0760"),
    Place("惠州", "广东", "0752"),
    Place("厦门", "福建", "0592"),
    Place("泉州", "福建", "0595"),
    Place("青岛", "山东", "0532"),
    Place("烟台", "山东", "0535"),
    Place("武汉", "湖北", "027"),
    Place("长沙", "湖南", "0731"),
    Place("成都", "四川", "028"),
    Place("重庆", "重庆", "023"),
    Place("西安", "陕西", "029"),
    Place("天津", "天津", "022"),
)
PLACE_WEIGHTS = (
    *(60, 40, 24, 24, 18, 16, 12, 10),
    *(18, 22, 12, 10, 10, 8, 6, 4),
    *(22, 14, 24, 18, 8, 8, 8, 6),
    *(8, 5, 8, 6, 8, 6, 5, 5),
)
EAST = ("上海", "江苏", "浙江", "安徽", "山东")
SOUTH = ("广东", "福建", "湖南")

BRAND_CHARACTERS = "珩澜砺垚弈煜翊沄铎骁翎曦湛璟岚昱祺朔霁枢颢珞垣筠峤骐钧瑾沐珵屹遨聿阙霖栎烨棣泓钰"
HOMOPHONES = dict(zip("珩澜煜祺翊朔骁璟湛钧垣筠铎烨棣泓", "衡兰育琪奕硕晓景站均元云夺业第弘", strict=True))
TRADE_SLIPS = dict(zip("精密装仪备材轴纺塑", "晶蜜庄义被才抽访朔", strict=True))

# trade -> the industry a salesperson files it under
TRADES = {
    "精密机械": "机械加工",
    "自动化设备": "装备制造",
    "智能装备": "装备制造",
    "包装机械": "包装",
    "食品机械": "食品机械",
    "纺织机械": "纺织",
    "注塑机械": "塑料",
    "汽车零部件": "汽车零部件",
    "新能源科技": "新能源",
    "锂电设备": "新能源",
    "光伏设备": "新能源",
    "半导体设备": "半导体",
    "电子科技": "电子",
    "光电科技": "电子",
    "医疗器械": "医疗器械",
    "物流装备": "物流",
    "仪器仪表": "仪器仪表",
    "模具制造": "模具",
    "五金制品": "五金",
    "塑料制品": "塑料",
    "轴承": "机械加工",
    "铝业": "金属材料",
    "新材料": "金属材料",
    "印刷设备": "印刷",
}
LEGAL_FORMS = ("有限公司", "股份有限公司", "有限责任公司", "集团有限公司")
LEGAL_WEIGHTS = (80, 8, 7, 5)

# simplified -> traditional, one character for one, for the characters above
TRADITIONAL = dict(
    pair
    for pair in zip(
        "苏锡无扬宁兴湖广东庆汉长门岛台温设备机械装汽车电医疗仪导体动包纺织锂轴铝业团责新制钧骁铎烨峤颢钰",
        "蘇錫無揚寧興湖廣東慶漢長門島臺溫設備機械裝汽車電醫療儀導體動包紡織鋰軸鋁業團責新製鈞驍鐸燁嶠顥鈺",
        strict=True,
    )
    if pair[0] != pair[1]
)

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉鑫宇晨浩轩欣怡建国华志玉红春梅海燕波峰鹏飞斌雪琳"
SURNAME_INITIALS = dict(zip(SURNAMES, "WLZLCYHZWZXSMZHGHLGLZLXSTXHFDCPZXTDYPYJCYDYCSWLDRSYL", strict=True))
GIVEN_INITIALS = dict(zip(GIVEN, "WFNMJLQLJYYYJJTMCXPGGWHXYCHXXYJGHZYHCMHYBFPFBXL", strict=True))

TITLES = (
    "采购经理",
    "采购",
    "设备科长",
    "设备工程师",
    "技术总监",
    "总经理",
    "厂长",
    "生产经理",
    "项目经理",
    "电气工程师",
)
DISTRICTS = ("高新区", "经济开发区", "新区", "工业园区", "滨江开发区")
ROADS = ("启航路", "创新大道", "工业二路", "腾跃路", "通达路", "科创三路", "金桥西路", "锦绣路", "望湖路", "双塔路")
SOURCES = ("展会", "转介绍", "搜索引擎", "电话陌拜", "老客户", "线上询价", "企业微信")
SOURCE_WEIGHTS = (25, 25, 12, 14, 10, 9, 5)
LEVELS = ("A", "B", "C")

PLACEHOLDERS = ("无", "-", "/", "暂无")
MOBILE_PREFIXES = (
    *("130", "131", "133", "135", "136", "137", "138", "139", "150", "152"),
    *("155", "158", "159", "177", "180", "185", "186", "187", "188", "189"),
)
