"""The lists that come out of chat programs: the WeCom console's customers and one salesperson's WeChat contacts."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from crmcli.demo_data import words
from crmcli.demo_data.customer_sheets import IN_OLD_CRM
from crmcli.demo_data.model import Cell, Firm, Person, Row, SampleFile, Table
from crmcli.demo_data.odds import chance
from crmcli.demo_data.spelling import Names
from crmcli.demo_data.staff import OWNERS

IN_WECOM = 375  # firms IN_OLD_CRM .. 374 stand only in the WeCom list
_ADD_WAYS = ("扫描二维码", "搜索手机号", "名片分享", "群聊", "手机通讯录", "微信联系人", "通过获客链接添加")
_EMOJI = ("🌻", "🍀", "⭐", "🚀", "", "", "", "")
_WECOM_HEADER = (
    *("客户名称", "描述", "添加人", "添加人账号", "添加人所属部门", "添加时间", "来源", "手机", "企业", "邮箱"),
    *("地址", "职务", "电话", "标签组1(客户等级)", "标签组2(意向产品)", "标签组3(跟进状态)"),
)
_WECOM_WIDTHS = (18, 26, 10, 14, 14, 20, 16, 16, 32, 24, 20, 12, 16, 18, 20, 18)
_INTERESTS = ("伺服", "PLC", "视觉", "机器人", "MES")


def wecom_export(rng: Random, firms: tuple[Firm, ...], names: Names) -> SampleFile:
    """Return 企业微信客户列表.xlsx: one row per customer and employee; the name is a nickname.

    Source: the admin console's 客户联系 → 客户列表 → 导出: 13 fixed columns, then the company's tag groups.
    """
    firms_here = [*rng.sample(firms[:IN_OLD_CRM], 45), *firms[IN_OLD_CRM:IN_WECOM]]
    rows: list[Row] = []
    for firm in firms_here:
        name = firm.name if firm.number >= IN_OLD_CRM or chance(rng, 0.5) else names.variant(firm, rng)
        shared = _wecom_cells(rng, firm, rng.choice(firm.people), name)
        rows.append(_added(rng, shared, firm.owner or rng.choice(OWNERS[:-1]).name, firm, name))
        if chance(rng, 0.25):
            rows.append(_added(rng, shared, rng.choice(OWNERS[:-1]).name, firm, name))
    rows += [_stranger(rng, firm) for firm in rng.sample(firms[:IN_OLD_CRM], 22)]
    rng.shuffle(rows)
    rows.insert(50, Row((None,) * len(_WECOM_HEADER), "blank"))
    table = Table("客户列表", (Row(_WECOM_HEADER, "header"), *rows), widths=_WECOM_WIDTHS)
    return SampleFile("企业微信客户列表.xlsx", (table,))


def _added(rng: Random, cells: tuple[Cell, ...], employee: str, firm: Firm, name: str) -> Row:
    """Return one row: what the console knows of the customer, as `employee` added it."""
    owner = next(owner for owner in OWNERS if owner.name == employee)
    account = f"qh{OWNERS.index(owner) + 1:03d}"
    day = datetime(2024, 7, 1, 8, 0, 0) + timedelta(days=rng.randrange(725))  # noqa: DTZ001  (wall time)
    at = day + timedelta(seconds=rng.randrange(13 * 3600))
    who = (employee, account, f"销售中心/{owner.team}", at.isoformat(" "), rng.choice(_ADD_WAYS))
    filled = (*cells[:2], *who, *cells[2:])
    return Row(filled, firm=firm.number if name else None, customer=name)


def _wecom_cells(rng: Random, firm: Firm, person: Person, company: str) -> tuple[Cell, ...]:
    tags = rng.sample(_INTERESTS, rng.choice((1, 1, 2)))
    return (
        _nickname(rng, person),
        rng.choice((None, None, f"负责{rng.choice(('采购', '设备', '电气'))}，关注{tags[0]}", "展会认识")),
        person.mobile if chance(rng, 0.7) else None,
        company or None,
        f"sales@firm{firm.number:03d}.example.com" if chance(rng, 0.15) else None,
        None,
        person.title if chance(rng, 0.6) else None,
        firm.landline if chance(rng, 0.1) else None,
        f"{firm.level}类" if chance(rng, 0.7) else None,
        ",".join(tags),
        rng.choice(("待跟进", "跟进中", "已报价", None)),
    )


def _stranger(rng: Random, firm: Firm) -> Row:
    """Return a row of somebody whose firm nobody noted."""
    cells = _wecom_cells(rng, firm, firm.people[-1], "")
    return _added(rng, cells, rng.choice(OWNERS[:-1]).name, firm, "")


def _nickname(rng: Random, person: Person) -> str:
    given = person.name[1:]
    return rng.choice(
        (
            person.name,
            f"{given}{rng.choice(_EMOJI)}",
            f"A{rng.randrange(1000):03d}{person.name}",
            f"{person.name[0]}工{rng.choice(_EMOJI)}",
            rng.choice(("静水流深", "向阳而生", "风雨兼程", "知足常乐", "简单的幸福")),
        )
    )


_WECHAT_HEADER = (
    *("UserName", "Alias", "Type", "Remark", "NickName", "PYInitial", "RemarkPYInitial"),
    *("smallHeadImgUrl", "bigHeadImgUrl", "label", "gender", "telephone", "signature"),
    *("country/region", "province", "city"),
)
_ROOMS = (
    "启衡销售一家人",
    "华东经销商交流群",
    "苏州工博会参展群",
    "自动化圈内交流",
    "家长群（三年级）",
    "羽毛球周三局",
)
_ACCOUNTS = ("启衡自动化", "工控小百科", "智造前沿", "本地生活通", "工博会服务号")
_SYSTEM = (
    ("filehelper", "文件传输助手"),
    ("weixin", "微信团队"),
    ("fmessage", "朋友推荐消息"),
    ("medianote", "语音记事本"),
)


def wechat_contacts(rng: Random, firms: tuple[Firm, ...]) -> SampleFile:
    """Return 微信联系人.csv: the 16 columns of a personal WeChat's contact export, chat rooms and all.

    Source: WeChatMsg `app/util/exporter/exporter_csv.py` (contacts, v1).
    """
    plain = [firm for firm in firms[:IN_OLD_CRM] if not firm.distinct]
    rows = [_friend(rng, firm, n) for n, firm in enumerate(rng.sample(plain, 58))]
    rows += [_silent(rng, _room_id(rng), name) for name in _ROOMS]
    rows += [_silent(rng, f"gh_{rng.getrandbits(48):012x}", name) for name in _ACCOUNTS]
    rows += [_silent(rng, system, name) for system, name in _SYSTEM]
    rng.shuffle(rows)
    table = Table("微信联系人", (Row(_WECHAT_HEADER, "header"), *rows))
    return SampleFile("微信联系人.csv", (table,), encoding="utf-8-sig")


def _friend(rng: Random, firm: Firm, number: int) -> Row:
    person = rng.choice(firm.people)
    short = f"{firm.brand}{firm.trade}"
    kind = number % 4  # a packed remark, the same without a number, a free remark, none
    remark = (
        f"{person.name}-{short}-{person.mobile}",
        f"{person.name}-{short}",
        f"{person.name[0]}工 {firm.place.city}",
        "",
    )[kind]
    alias = f"{_initials(person.name).lower()}{person.mobile[-4:]}" if chance(rng, 0.5) else ""
    cells: tuple[Cell, ...] = (
        f"wxid_{rng.getrandbits(64):016x}"[:19],
        alias,
        3,
        remark,
        _nickname(rng, person),
        _initials(person.name),
        _initials(person.name) if remark else "",
        f"https://wx.example.com/head/{rng.getrandbits(32):08x}/96",
        f"https://wx.example.com/head/{rng.getrandbits(32):08x}/0",
        rng.choice(("", "", "客户", "客户,展会")),
        rng.choice((0, 1, 1, 2)),
        person.mobile if chance(rng, 0.1) else "",
        rng.choice(("", "", "天道酬勤", "专注, 成就价值", "忙，请留言")),
        "CN",
        firm.place.province if chance(rng, 0.5) else "",
        "",
    )
    named = kind < 2  # noqa: PLR2004  (the two kinds of remark that hold a firm)
    return Row(cells, firm=firm.number if named else None, customer=short if named else "")


def _silent(rng: Random, account: str, name: str) -> Row:
    """Return a row of the list that is nobody: a chat room, an official account, a system name."""
    picture = f"https://wx.example.com/head/{rng.getrandbits(32):08x}/0"
    cells = (account, "", 2 if account.endswith("chatroom") else 1, "", name, "", "", "", picture)
    return Row((*cells, "", 0, "", "", "", "", ""), "skipped")


def _room_id(rng: Random) -> str:
    return f"{rng.randrange(10**9, 10**11)}@chatroom"


def _initials(name: str) -> str:
    return words.SURNAME_INITIALS[name[0]] + "".join(words.GIVEN_INITIALS[character] for character in name[1:])
