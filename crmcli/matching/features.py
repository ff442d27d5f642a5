"""Every distinct value taken apart once and turned into integer codes, a record a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from crmcli.domain.values.email import is_free_mail
from crmcli.matching import contacts
from crmcli.matching.apart import (
    MUNICIPALITIES,
    Taken,
    addresses_apart,
    all_apart,
    latin_words,
    names_apart,
    with_core,
)
from crmcli.matching.latin_words import NO_COUNTS, WordCounts, count_words, words_of
from crmcli.matching.letters import Letters, letters_of
from crmcli.matching.names import take_apart
from crmcli.matching.normalise import UNKNOWN, encode, fold, fold_all, is_chinese
from crmcli.matching.phones import lacks_country, phones_in
from crmcli.matching.places import CITY, Place, place_named
from crmcli.matching.records import MatchBatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]

Value = TypeVar("Value")
_PARTS = ("brand", "sound", "trade", "core", "digits", "seat")
_FLAGS = ("has_form", "partnership", "group", "latin", "company_like")


@dataclass(frozen=True, slots=True)
class Field:
    """One part of the records: a code per record (-1 unknown) and the distinct values behind the codes."""

    codes: Codes
    values: list[str]
    _letters: list[Letters] = field(default_factory=list, repr=False, compare=False)

    @property
    def letters(self) -> Letters:
        """Return what the letters of the values say; they are read once."""
        if not self._letters:
            self._letters.append(letters_of(self.values))
        return self._letters[0]


@dataclass(frozen=True, slots=True)
class WordsField:
    """The words of Latin names: a code per record (-1: none, or a Chinese name), the distinct names' words, counts."""

    codes: Codes
    values: list[tuple[str, ...]]
    counts: WordCounts


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared, a code per record in each field; flags are False where the name is unknown."""

    size: int
    name: Field
    brand: Field
    sound: Field
    trade: Field
    core: Field
    digits: Field
    places: Codes
    place_sets: list[tuple[Place, ...]]
    branch: Codes
    branches: list[tuple[str, tuple[Place, ...]]]
    has_form: Flags
    partnership: Flags
    group: Flags
    latin: Flags
    company_like: Flags
    seat: Field
    home: Field
    phones: Codes
    phone_numbers: list[str]
    mobile: Flags
    email: Field
    domain: Field
    credit_code: Field
    wechat: Field
    contact: Field
    surname: Field
    road: Field
    number: Field
    side: Codes
    postcode: Field
    phone_ends: Field
    words: WordsField
    given: Codes
    surnames: Codes
    person_names: list[str]
    birth: Field


def features_of(batch: MatchBatch, counts: WordCounts = NO_COUNTS, *, ends: bool | None = None) -> Features:
    """Return the features of `batch`; row i is record i.

    Args:
        batch: the records.
        counts: how rare the words of Latin names are.
        ends: whether the ends of phones are compared; None where `batch` is all there is, so that it decides.
    """
    names, located = _Texts(batch, "names"), _Texts(batch, "addresses")
    names.parts = with_core(all_apart(names_apart, names.field.values))
    located.parts = all_apart(addresses_apart, located.field.values)
    phones = phones_in(*_written(batch, "phones"))
    given, surnames, person_names = _person_names(batch)
    people = _Texts(batch, "contacts", contacts.person_written).field
    mails = _field(batch, "emails", _email)
    return Features(
        size=len(batch),
        name=names.field,
        **names.parts_and_flags(),
        places=names.part("places").codes,
        place_sets=names.parts["places"].values,
        branch=names.part("branch").codes,
        branches=names.parts["branch"].values,
        home=_homes(batch, located.part("seat")),
        phones=phones.codes,
        phone_numbers=phones.numbers,
        mobile=phones.mobile,
        email=mails,
        domain=_part_of(mails, _company_domain),
        credit_code=_field(batch, "credit_codes", lambda text: text.strip().upper()),
        wechat=_field(batch, "wechat", lambda text: text.strip().lower()),
        contact=_part_of(people, contacts.whole_name),
        surname=_part_of(people, contacts.surname),
        road=located.part("road"),
        number=located.part("number"),
        side=located.part("side").codes,
        postcode=_first_said(_field(batch, "postcodes", str.strip), located.part("postcode")),
        phone_ends=Field(*phones.ends(needed=lacks_country(phones.numbers) if ends is None else ends)),
        words=WordsField(names.part("words").codes, names.parts["words"].values, counts),
        given=given,
        surnames=surnames,
        person_names=person_names,
        birth=_field(batch, "births", str),
    )


class _Texts:
    """A column of texts, folded, and what is taken out of them."""

    def __init__(self, batch: MatchBatch, name: str, change: Callable[[str], str] = str) -> None:
        codes, values = _written(batch, name)
        self.field = Field(*_per_record(codes, fold_all(map(change, values)), ""))
        self.parts: Taken = {}

    def part(self, name: str) -> Field:
        """Return one part, a code per record."""
        part = self.parts[name]
        return Field(_of_each(part.codes, self.field.codes), part.values)

    def parts_and_flags(self) -> dict[str, Any]:
        """Return the parts of names that are fields, and per record whether a flag holds; False where unknown."""
        return {name: self.part(name) for name in _PARTS} | {name: self.part(name).codes >= 0 for name in _FLAGS}


def word_counts(batch: MatchBatch) -> WordCounts:
    """Return in how many of the Latin names of `batch` each word stands, and in how many of its cities."""
    latin = {name for name in batch.names if name and not is_chinese(name)}
    cities = [city for city in batch.column("cities") if city and not is_chinese(city)]
    return count_words((latin_words(take_apart(fold(name))) for name in sorted(latin)), map(words_of, fold_all(cities)))


def _written(batch: MatchBatch, name: str) -> tuple[Codes, list[str]]:
    """Return a column of the records as codes and the distinct texts behind them."""
    import numpy as np

    column = batch.read(name)
    return (np.full(len(batch), UNKNOWN, dtype=np.int64), []) if column is None else encode(column, "")


def _field(batch: MatchBatch, name: str, change: Callable[[str], str]) -> Field:
    codes, values = _written(batch, name)
    return Field(*_per_record(codes, map(change, values), ""))


def _part_of(field: Field, change: Callable[[str], str]) -> Field:
    """Return what `change` makes of each value of a field; "" is unknown."""
    return Field(*_per_record(field.codes, map(change, field.values), ""))


def _per_record(codes: Codes, values: Iterable[Value], unknown: Value) -> tuple[Codes, list[Value]]:
    """Return codes per record for values given per distinct value of another field (`codes` points at those)."""
    value_codes, distinct = encode(list(values), unknown)
    return _of_each(value_codes, codes), distinct


def _of_each(codes: Codes, of_records: Codes) -> Codes:
    """Return, for the code that each record has (-1 unknown), what `codes` says of it; in half the memory."""
    import numpy as np

    small: Any = np.int32
    return np.append(codes, UNKNOWN).astype(small)[of_records]


def _homes(batch: MatchBatch, from_address: Field) -> Field:
    """Return the city where each record says it is: its city column, its province if that is a city, its address."""
    cities = _field(batch, "cities", _city_named)
    provinces = _field(batch, "provinces", _city_named)
    provinces = _part_of(provinces, lambda name: name if name in MUNICIPALITIES else "")
    return _first_said(cities, _first_said(provinces, from_address))


def _first_said(first: Field, second: Field) -> Field:
    """Return what `first` says of each record, where it says nothing what `second` does."""
    import numpy as np

    codes, values = encode([*first.values, *second.values], "")
    other = np.where(second.codes >= 0, second.codes + len(first.values), UNKNOWN)
    return Field(_of_each(codes, np.where(first.codes >= 0, first.codes, other)), values)


def _city_named(text: str) -> str:
    folded = fold(text)
    place = place_named(folded)
    if place is None:
        return folded
    return place.city if place.level >= CITY and place.city else place.province


def _person_names(batch: MatchBatch) -> tuple[Codes, Codes, list[str]]:
    """Return codes of given names and of surnames, which point at one list of names."""
    import numpy as np

    if batch.given_names is None and batch.surnames is None:
        nobody = np.full(len(batch), UNKNOWN, dtype=np.int64)
        return nobody, nobody, []
    codes, values = encode([*batch.column("given_names"), *batch.column("surnames")], "")
    both = Field(*_per_record(codes, fold_all(values), ""))
    return both.codes[: len(batch)], both.codes[len(batch) :], both.values


def _email(text: str) -> str:
    mail = text.strip().lower()
    mail = text if mail == text else mail  # one text in memory
    return mail if mail.count("@") == 1 else ""


def _company_domain(mail: str) -> str:
    domain = mail.partition("@")[2]
    return "" if is_free_mail(domain) else domain
