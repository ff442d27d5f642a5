"""Blocking keys: what two records must share to be compared at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmcli.matching.blocks import combine, pairs_in_blocks
from crmcli.matching.features import Features
from crmcli.matching.normalise import encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Key:
    """A code per record (-1: no key), or several (rows x k), and what parts its crowded blocks."""

    codes: Codes
    refinements: tuple[Codes, ...] = ()


def candidate_pairs(features: Features) -> Codes:
    """Return the pairs of rows (n x 2, smaller first, sorted, each once) that share at least one key."""
    import numpy as np

    found = []
    for key in KEYS:
        made = key(features)
        columns = made.codes if made.codes.ndim > 1 else made.codes[:, None]
        rows = np.repeat(np.arange(features.size), columns.shape[1])
        found.append(pairs_in_blocks(rows, columns.ravel(), made.refinements))
    pairs = np.concatenate(found)
    single = np.unique(pairs[:, 0] * max(features.size, 1) + pairs[:, 1])
    return np.column_stack(np.divmod(single, max(features.size, 1)))


def _part(values: list[str], codes: Codes, part: Callable[[str], str]) -> Codes:
    """Return a code per record for `part` of each distinct value; "" is no key."""
    import numpy as np

    made, _ = encode([part(value) for value in values], "")
    return np.append(made, -1)[codes]


def same_core(f: Features) -> Key:
    """Brand and trade are the same: moved places, other legal form."""
    return Key(f.core.codes, (f.places, f.branch, f.name.codes))


def same_brand(f: Features) -> Key:
    """The brand is the same: short forms, sister companies."""
    return Key(f.brand.codes, (f.branch, f.trade.codes, f.places, f.name.codes))


def same_sound(f: Features) -> Key:
    """The brand sounds the same: homophone typos."""
    return Key(f.sound.codes, (f.branch, f.trade.codes, f.places))


def same_start(f: Features) -> Key:
    """Brand and trade begin with the same three characters: a typo further on."""
    start = _part(f.core.values, f.core.codes, lambda t: t[:3] if len(t) > 3 else "")  # noqa: PLR2004
    return Key(start, (f.branch, f.places, f.trade.codes))


def brand_end_and_trade(f: Features) -> Key:
    """The brand's last two characters and the trade are the same: something else stands before."""
    end = _part(f.brand.values, f.brand.codes, lambda t: t[-2:] if len(t) > 1 else "")
    return Key(combine(end, f.trade.codes), (f.places, f.branch))


def start_place_trade(f: Features) -> Key:
    """The brand's first character, place and trade are the same."""
    return Key(combine(_part(f.brand.values, f.brand.codes, lambda t: t[:1]), f.places, f.trade.codes))


def end_place_trade(f: Features) -> Key:
    """The brand's last character, place and trade are the same."""
    return Key(combine(_part(f.brand.values, f.brand.codes, lambda t: t[-1:]), f.places, f.trade.codes))


def place_and_branch(f: Features) -> Key:
    """The branch is the same: a bank written in another way."""
    return Key(f.branch, (f.brand.codes,))


def same_words(f: Features) -> Key:
    """The first words of a Latin name are the same in any order."""
    words = _part(f.brand.values, f.brand.codes, lambda t: " ".join(sorted(t.split())[:2]) if t.isascii() else "")
    return Key(words, (f.number.codes, f.home.codes))


def same_phone(f: Features) -> Key:
    """A phone number is shared."""
    return Key(f.phones, (f.brand.codes, f.contact.codes))


def same_email(f: Features) -> Key:
    """The mail address is the same."""
    return Key(f.email.codes, (f.brand.codes,))


def same_credit_code(f: Features) -> Key:
    """The credit code is the same."""
    return Key(f.credit_code.codes, (f.name.codes,))


def same_wechat(f: Features) -> Key:
    """The WeChat id is the same."""
    return Key(f.wechat.codes, (f.contact.codes,))


def same_address(f: Features) -> Key:
    """Road and number are the same."""
    return Key(combine(f.road.codes, f.number.codes), (f.contact.codes, f.brand.codes))


def contact_and_road(f: Features) -> Key:
    """A person of one name at one road."""
    return Key(combine(f.contact.codes, f.road.codes), (f.brand.codes,))


def contact_and_brand_start(f: Features) -> Key:
    """A person of one name in a firm whose brand begins alike."""
    start = _part(f.core.values, f.core.codes, lambda t: t[:1])
    return Key(combine(f.contact.codes, start), (f.places,))


KEYS: tuple[Callable[[Features], Key], ...] = (
    same_core,
    same_brand,
    same_sound,
    same_start,
    brand_end_and_trade,
    start_place_trade,
    end_place_trade,
    place_and_branch,
    same_words,
    same_phone,
    same_email,
    same_credit_code,
    same_wechat,
    same_address,
    contact_and_road,
    contact_and_brand_start,
)
