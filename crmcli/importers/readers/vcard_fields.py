"""What a card says, under the headers that a Chinese sheet of contacts has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crmcli.importers.readers.vcard_lines import Property

NAME, PHONE, MOBILE, ADDRESS, ORGANISATION = "姓名", "电话", "手机", "地址", "公司"
ORDER = (
    NAME, "称谓", "昵称", ORGANISATION, "部门", "职务", "角色", MOBILE, PHONE, "传真", "邮箱", ADDRESS, "邮编", "微信",
    "QQ", "网址", "生日", "标签", "备注", "标注",
)  # fmt: skip
PICTURES = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
# how the card was written, not who it is
_HOUSEKEEPING = frozenset({"VERSION", "PRODID", "REV", "N", "FN", "LABEL", "X-ABLABEL", "SOURCE", "KIND"})
_PLAIN = {
    "NICKNAME": "昵称", "TITLE": "职务", "ROLE": "角色", "EMAIL": "邮箱", "URL": "网址", "CATEGORIES": "标签",
    "NOTE": "备注", "X-WECHAT": "微信", "X-WEIXIN": "微信", "X-QQ": "QQ", "X-TENCENT-QQ": "QQ",
}  # fmt: skip
_SERVICES = (("微信", ("wechat", "weixin", "微信")), ("QQ", ("qq",)))
_MESSENGERS = frozenset({"IMPP", "X-SOCIALPROFILE", "X-IM"})
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
# labels that say no more than the column does
_USUAL = frozenset(
    {"mobile", "work", "home", "main", "other", "iphone", "homepage", "手机", "电话", "工作", "单位", "住宅"}
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGITS_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T.*)?$")


def fields_of(card: Iterable[Property]) -> dict[str, str]:
    """Return header -> text; several entries of a kind are separated by ";", notes stand on lines of their own."""
    found: dict[str, list[str]] = {}
    labels = {entry.group: _label(entry) for entry in card if entry.name == "X-ABLABEL"}
    properties = [entry for entry in card if entry.name not in PICTURES and not entry.is_binary]
    for header, text in _names(properties):
        found.setdefault(header, []).append(text)
    for entry in properties:
        label = labels.get(entry.group, "") if entry.group else ""
        for header, text in _entries(entry, label):
            found.setdefault(header, []).append(text)
    if ADDRESS not in found:
        found[ADDRESS] = [entry.text() for entry in properties if entry.name == "LABEL"]
    return {
        header: ("\n" if header == "备注" else ";").join(dict.fromkeys(filter(None, texts)))
        for header, texts in found.items()
        if any(texts)
    }


def _label(entry: Property) -> str:
    text = entry.text()
    apple = _APPLE_LABEL.fullmatch(text)
    return apple[1] if apple else text


def _entries(entry: Property, label: str) -> list[tuple[str, str]]:
    """Return (header, text) of one property; nothing is lost but what says how the card was written."""
    name = entry.name
    if name in _HOUSEKEEPING:
        return []
    if name == "ORG":
        company, *units = entry.parts()
        return [(ORGANISATION, company), ("部门", "/".join(filter(None, units)))]
    if name == "ADR":
        return _address(entry)
    if name == "BDAY":
        return [("生日", _DIGITS_DAY.sub(r"\1-\2-\3", entry.text()))]
    text = _without_scheme(entry.text())
    header = _PLAIN.get(name) or _phone_header(entry, label) or _messenger(entry, label) or name
    said = [] if label.casefold() in _USUAL or not label else [("标注", f"{label}: {text}")]
    return [(header, text), *said]


def _phone_header(entry: Property, label: str) -> str | None:
    if entry.name != "TEL":
        return None
    kinds = {*entry.types, label.casefold()}
    if any("fax" in kind or "传真" in kind for kind in kinds):
        return "传真"
    return MOBILE if kinds & {"cell", "mobile", "iphone", "手机"} else PHONE


def _messenger(entry: Property, label: str) -> str | None:
    """Return the column of an account; the service stands in the type, the label, a parameter or the address."""
    if entry.name not in _MESSENGERS:
        return None
    words = " ".join((*entry.types, label, *entry.parameters.values(), entry.value.partition(":")[0])).casefold()
    return next((header for header, signs in _SERVICES if any(sign in words for sign in signs)), None)


def _without_scheme(text: str) -> str:
    """Return the number or account of an address such as tel:+86-138...;ext=12."""
    scheme, colon, rest = text.partition(":")
    known = colon and scheme.casefold() in {"tel", "mailto", "weixin", "wechat", "qq", "x-apple", "sip", "xmpp"}
    return rest.replace(";ext=", "-") if known else text


def _address(entry: Property) -> list[tuple[str, str]]:
    """Return an address in the order of its writing: the large first in Chinese, the small first elsewhere."""
    box, extended, street, city, province, code, country = (*entry.parts(), *[""] * 7)[:7]
    small_first = [part for part in (box, extended, street, city, province, country) if part]
    chinese = any(map(_HAN.search, small_first))
    large_first = [part for part in (country, province, city, street, extended, box) if part]
    return [(ADDRESS, "".join(large_first) if chinese else ", ".join(small_first)), ("邮编", code)]


def _names(properties: Iterable[Property]) -> list[tuple[str, str]]:
    """Return the name in the order of its writing (张三, John Smith), and what stands before or after it."""
    shown = next((entry.text() for entry in properties if entry.name == "FN" and entry.text()), "")
    parts = next((entry.parts() for entry in properties if entry.name == "N"), [])
    family, given, middle, prefix, suffix = (*parts, *[""] * 5)[:5]
    own = f"{family}{given}{middle}"
    built = own if _HAN.search(own) else " ".join(filter(None, (given, middle, family)))
    same = sorted(shown.replace(" ", "")) == sorted(own.replace(" ", ""))
    name = built if not shown or (same and _HAN.search(own)) else shown
    return [(NAME, name), ("称谓", " ".join(filter(None, (prefix, suffix))))]
