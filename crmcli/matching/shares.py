"""How common names are among customers at large: what stands in for the user's own data while that is small."""

from __future__ import annotations

# per 10,000 people. Source: Yuan Yida, Chinese Academy of Sciences, the hundred most common surnames, 2006.
_SURNAMES = (
    "李794 王741 张707 刘538 陈453 杨308 赵229 黄223 周212 吴205 徐167 孙154 胡131 朱126 高121 林118 何117 郭115"
    " 马115 罗86 梁84 宋83 郑81 谢75 韩73 唐69 冯65 于61 董61 萧59 程57 曹57 袁55 邓54 许54 傅51 沈50 曾50 彭49 吕47"
)
SURNAME_SHARES: dict[str, float] = {entry[0]: int(entry[1:]) / 10_000 for entry in _SURNAMES.split()}
_RARE_SURNAME = 0.002

# what two records that agree typically agree in: one of so many
TYPICAL_SHARES: dict[str, float] = {
    "brand": 1 / 2_000,
    "contact": 1 / 20_000,
    "surname": 1 / 35,
    "road": 1 / 1_000,
    "phone": 1 / 20_000,
    "domain": 1 / 5_000,
}
# what stands where a brand should, and is none
_EMPTY_TEXT = "科技 技术 实业 国际 发展 贸易 商贸 投资 工程 信息 网络 电子 文化 机械 管理 服务 咨询 物流"
_EMPTY_WORDS = frozenset(_EMPTY_TEXT.split())
_EMPTY_WORD_AS_BRAND = 1 / 50


def share_at_large(term: str, text: str) -> float:
    """Return what share of customers has `text` as its brand, surname ...; the typical share where nothing is known.

    >>> share_at_large("brand", "科技") > share_at_large("brand", "鼎信")
    True
    >>> share_at_large("surname", "王"), share_at_large("surname", "鄢")
    (0.0741, 0.002)
    """
    if term == "brand" and text in _EMPTY_WORDS:
        return _EMPTY_WORD_AS_BRAND
    if term == "surname":
        return SURNAME_SHARES.get(text, _RARE_SURNAME)
    return TYPICAL_SHARES[term]
