"""Blocking keys: what two records must share to be compared at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmcli.matching.blocks import pairs_in_blocks
from crmcli.matching.features import Features
from crmcli.matching.key_parts import Key, Part, numbered_part, part_of, part_of_codes, part_of_some
from crmcli.matching.letters import LETTER_BITS
from crmcli.matching.normalise import UNKNOWN, encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from crmcli.matching.promise import Promise

    Codes = NDArray[np.int64]


WORDS_KEPT = 2


def candidate_pairs(features: Features, promise: Promise | None = None) -> Codes:
    """Return the pairs of rows (n x 2, smaller first, sorted, each once) that share at least one key.

    `promise` says which of them may be worth a comparison: no others are returned; None: all are.
    """
    import numpy as np

    size = max(features.size, 1)
    found = []
    for key in KEYS:
        made = key(features)
        codes = made.codes
        columns = codes if codes.ndim > 1 else codes[:, None]
        rows = np.repeat(np.arange(features.size), columns.shape[1])
        pairs = pairs_in_blocks(rows, columns.ravel(), tuple(finer.codes for finer in made.refinements), promise)
        found.append(pairs[:, 0] * size + pairs[:, 1])
    numbers = np.concatenate(found)
    found.clear()
    numbers.sort()  # in place: np.unique would hold them three times
    single = numbers[np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]]
    return np.column_stack(np.divmod(single, size))


def _places(f: Features) -> Part:
    return Part(f.places, f.place_sets)


def _branch(f: Features) -> Part:
    return Part(f.branch, f.branches)


def same_core(f: Features) -> Key:
    """Brand and trade are the same: moved places, other legal form."""
    return Key((f.core,), (_places(f), _branch(f), f.name))


def same_brand(f: Features) -> Key:
    """The brand is the same: short forms, sister companies."""
    return Key((f.brand,), (_branch(f), f.trade, _places(f), f.name))


def same_sound(f: Features) -> Key:
    """The brand sounds the same: homophone typos."""
    return Key((f.sound,), (_branch(f), f.trade, _places(f)))


def same_start(f: Features) -> Key:
    """Brand and trade begin with the same three characters: a typo further on."""
    letters = f.core.letters
    start = numbered_part(f.core, letters.first, letters.length > 2)  # noqa: PLR2004
    return Key((start,), (_branch(f), _places(f), f.trade))


def same_characters(f: Features) -> Key:
    """Brand and trade have the same characters in any order: two of them swapped."""
    letters = f.core.letters
    characters = numbered_part(f.core, letters.bag, ~letters.latin)
    return Key((characters,), (_places(f), _branch(f), f.name))


def core_ends(f: Features) -> Key:
    """Brand and trade begin with the same two characters and end with the same one: a slip between them."""
    letters = f.core.letters
    both = letters.first_of(2) << LETTER_BITS | letters.last_of(1)
    ends = numbered_part(f.core, both, (letters.length > 2) & ~letters.latin)  # noqa: PLR2004
    return Key((ends,), (_places(f), _branch(f), f.trade))


def brand_end_and_trade(f: Features) -> Key:
    """The brand's last two characters and the trade are the same: something else stands before."""
    letters = f.brand.letters
    end = numbered_part(f.brand, letters.last, letters.length > 1)
    return Key((end, f.trade), (_places(f), _branch(f)))


def start_place_trade(f: Features) -> Key:
    """The brand's first character, place and trade are the same."""
    letters = f.brand.letters
    return Key((numbered_part(f.brand, letters.first_of(1), letters.length > 0), _places(f), f.trade))


def end_place_trade(f: Features) -> Key:
    """The brand's last character, place and trade are the same."""
    letters = f.brand.letters
    return Key((numbered_part(f.brand, letters.last_of(1), letters.length > 0), _places(f), f.trade))


def place_and_branch(f: Features) -> Key:
    """The branch is the same: a bank written in another way."""
    return Key((_branch(f),), (f.brand,))


def rare_words(f: Features) -> Key:
    """One of the rarest words of a Latin name is the same."""
    import numpy as np

    weigh = f.words.counts.weight
    ranked = [sorted(words, key=lambda w: (-weigh(w), w))[:WORDS_KEPT] for words in f.words.values]
    codes, values = encode([word for words in ranked for word in (*words, "", "")[:WORDS_KEPT]], "")
    table = np.append(codes, [UNKNOWN] * WORDS_KEPT).reshape(-1, WORDS_KEPT)
    return Key((Part(table[f.words.codes], values),), (f.number, f.home, f.name))


def name_start_and_home(f: Features) -> Key:
    """A Latin name begins with the same four letters, in one city: a typo further on."""
    start = part_of_some(f.brand, f.brand.letters.latin, lambda t: t[:4])
    return Key((start, f.home), (f.number,))


def same_phone(f: Features) -> Key:
    """A phone number is shared."""
    return Key((Part(f.phones, f.phone_numbers),), (f.brand, f.contact))


def same_phone_end(f: Features) -> Key:
    """The last digits of a phone number are the same: area and country are left out."""
    return Key((f.phone_ends,), (f.brand, f.contact))


def same_email(f: Features) -> Key:
    """The mail address is the same."""
    return Key((f.email,), (f.brand,))


def same_credit_code(f: Features) -> Key:
    """The credit code is the same."""
    return Key((f.credit_code,), (f.name,))


def same_wechat(f: Features) -> Key:
    """The WeChat id is the same."""
    return Key((f.wechat,), (f.contact,))


def same_address(f: Features) -> Key:
    """Road and number are the same."""
    return Key((f.road, f.number), (f.contact, f.brand))


def number_and_road_start(f: Features) -> Key:
    """A house number, and the road begins alike: a street written in another way."""
    return Key((f.number, part_of(f.road, lambda t: t[:3] if t.isascii() else "")), (f.home, f.brand))


def same_birth(f: Features) -> Key:
    """The date of birth is the same."""
    return Key((f.birth,), (_surname(f), _given(f)))


def same_surname(f: Features) -> Key:
    """A person's surname is the same."""
    return Key((_surname(f),), (_given(f), f.birth, f.home))


def same_given_name(f: Features) -> Key:
    """A person's given name is the same, and the year of birth."""
    return Key((_given(f), part_of(f.birth, lambda t: t[:4])), (f.home, _surname(f)))


def surname_start_and_birth_year(f: Features) -> Key:
    """A person's surname begins alike, and the year of birth is the same: a typo in both."""
    start = part_of_codes(f.surnames, f.person_names, lambda t: t[:3])
    return Key((start, part_of(f.birth, lambda t: t[:4])), (f.home, _given(f)))


def mailbox_start(f: Features) -> Key:
    """A person's mail address begins alike: a typo further on."""
    import numpy as np

    person = (f.given >= 0) | (f.surnames >= 0)
    asked = np.zeros(len(f.email.values) + 1, dtype=np.bool_)
    asked[f.email.codes[person]] = True
    start = part_of_some(f.email, asked, lambda t: t.partition("@")[0][:5])
    return Key((Part(np.where(person, start.codes, UNKNOWN), start.values),), (f.domain, f.birth))


def swapped_names(f: Features) -> Key:
    """Two people have the same two names in any order."""
    import numpy as np

    rank = np.zeros(len(f.person_names) + 1, dtype=np.int64)
    rank[sorted(range(len(f.person_names)), key=f.person_names.__getitem__)] = np.arange(len(f.person_names))
    in_order = rank[f.given] <= rank[f.surnames]
    first, last = np.where(in_order, (f.given, f.surnames), (f.surnames, f.given))
    return Key((Part(first, f.person_names), Part(last, f.person_names)), (f.birth, f.home))


def _given(f: Features) -> Part:
    return Part(f.given, f.person_names)


def _surname(f: Features) -> Part:
    return Part(f.surnames, f.person_names)


def contact_and_road(f: Features) -> Key:
    """A person of one name at one road."""
    return Key((f.contact, f.road), (f.brand,))


def contact_and_brand_start(f: Features) -> Key:
    """A person of one name in a firm whose brand begins alike."""
    letters = f.core.letters
    start = numbered_part(f.core, letters.first_of(1), letters.length > 0)
    return Key((f.contact, start), (_places(f),))


KEYS: tuple[Callable[[Features], Key], ...] = (
    same_core,
    same_brand,
    same_sound,
    same_start,
    same_characters,
    core_ends,
    brand_end_and_trade,
    start_place_trade,
    end_place_trade,
    place_and_branch,
    rare_words,
    name_start_and_home,
    same_phone,
    same_phone_end,
    same_email,
    same_credit_code,
    same_wechat,
    same_address,
    number_and_road_start,
    same_birth,
    same_surname,
    same_given_name,
    swapped_names,
    surname_start_and_birth_year,
    mailbox_start,
    contact_and_road,
    contact_and_brand_start,
)
