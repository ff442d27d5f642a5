"""Several people in one cell, with their numbers and titles -> one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crmcli.domain.values.person import name_and_title, reads_as_person
from crmcli.domain.values.phone import find_phones
from crmcli.domain.values.text import clean, halfwidth, is_blank

_BETWEEN_PEOPLE = re.compile(r"[、,;/\n\r|&]|\s和\s")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_MASKED = re.compile(r"\+?[0-9][0-9\s-]*[*xX×●•]{2,}[0-9]*")
_LABELS = "联系人姓名|联系人|联系电话|联系方式|手机号码|手机号|手机|电话号码|电话|姓名|tel|phone|mobile|mob"
_LABEL = re.compile(rf"(?:^|(?<=[\s()]))(?:{_LABELS})\s*(?:[:.]\s*|(?=[\ue000-\uf8ff]))", re.IGNORECASE)
_ROLE = re.compile(r"([\u3400-\u9fff]{2,8})\s*:\s*(?=\S)")
# a phone stands in the text as one character that no text has
_FIRST_MARK, _LAST_MARK = "\ue000", "\uf8ff"
_MARKS = re.compile(f"[{_FIRST_MARK}-{_LAST_MARK}]")
_PUNCTUATION = "-—–_:·. "


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """One person that a cell names: the phones and the title beside the name, and what else is said of them."""

    name: str
    phones: tuple[str, ...] = ()
    title: str = ""
    note: str = ""


def people_of(text: str) -> list[NamedPerson]:
    """Return the people that a cell names, in order; never none.

    A cell is taken apart only where every piece reads as a person; else it is one person, called what is written (a
    number beside a single name is taken off it). A number belongs to the name before it; in a cell that begins with a
    number, to the name behind it. A title is taken off a full name only (张三经理); behind a bare surname it stays in
    the name and is given too (张经理).

    >>> [(p.name, p.phones) for p in people_of("张三 13800000000/李四13900000000")]
    [('张三', ('+8613800000000',)), ('李四', ('+8613900000000',))]
    >>> people_of("王总(13800000000，采购)")
    [NamedPerson(name='王总', phones=('+8613800000000',), title='总', note='采购')]
    >>> people_of("张三、采购部")
    [NamedPerson(name='张三、采购部', phones=(), title='', note='')]
    """
    value = halfwidth(text)
    if value.isalpha():  # nothing stands between or beside
        name, title = name_and_title(value)
        return [NamedPerson(name if reads_as_person(name) else clean(text), title=title)]
    phones, value = _marked(value)
    value = _LABEL.sub("", value)
    pieces = [piece for piece in map(clean, _split_outside_brackets(value)) if piece.strip(_PUNCTUATION)]
    people = list(_with_stray_numbers(_person(one, phones) for piece in pieces for one in _by_number(piece)))
    if people and all(reads_as_person(person.name) for person in people):
        return people
    return [_as_one(text, pieces, phones)]


def _marked(value: str) -> tuple[dict[str, str], str]:
    """Return mark -> phone, and the text with a mark in place of each phone."""
    value = _MARKS.sub("", value)
    phones: dict[str, str] = {}
    parts: list[str] = []
    end = 0
    for start, stop, phone in find_phones(value):
        mark = chr(ord(_FIRST_MARK) + len(phones))
        if mark > _LAST_MARK:
            break
        phones[mark] = phone
        parts += (value[end:start], mark)
        end = stop
    return phones, "".join((*parts, value[end:]))


def _split_outside_brackets(value: str) -> list[str]:
    """Return the pieces between separators; what stands in brackets stays together."""
    inside = [match.span() for match in _BRACKETS.finditer(value)]
    cuts = [
        match.span()
        for match in _BETWEEN_PEOPLE.finditer(value)
        if not any(start < match.start() < end for start, end in inside)
    ]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(value)]
    return [value[start:end] for start, end in zip(starts, ends, strict=True)]


def _by_number(piece: str) -> list[str]:
    """Return a piece that names several people with only numbers between them, one by one."""
    parts = [part for part in re.split(f"((?:[{_FIRST_MARK}-{_LAST_MARK}]\\s*)+)", piece) if clean(part)]
    names = [part for part in parts if not _MARKS.match(part)]
    if len(names) < 2 or not all(reads_as_person(_bare(name)) for name in names):  # noqa: PLR2004
        return [piece]
    if _MARKS.match(parts[0]):
        parts = [*([""] if len(parts) % 2 else []), *parts]
        return ["".join(pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
    return ["".join(parts[i : i + 2]) for i in range(0, len(parts), 2)]


def _bare(text: str) -> str:
    """Return a name without what stands beside it in brackets, and without its title."""
    return name_and_title(clean(_BRACKETS.sub(" ", text)).strip(_PUNCTUATION))[0]


def _person(piece: str, phones: dict[str, str]) -> NamedPerson:
    """Return the person of one piece; the name is empty where it holds only numbers."""
    own = tuple(dict.fromkeys(phones[mark] for mark in _MARKS.findall(piece)))
    notes = [match[1] for match in _BRACKETS.finditer(piece)]
    name = _BRACKETS.sub(" ", piece)
    if role := _ROLE.match(name):
        notes.insert(0, role[1])
        name = name[role.end() :]
    notes += _MASKED.findall(name)
    name = clean(_MASKED.sub(" ", _MARKS.sub(" ", name))).strip(_PUNCTUATION)
    said = [clean(_LABEL.sub("", _MARKS.sub("", note))).strip(_PUNCTUATION + ",、/") for note in notes]
    name, title = name_and_title(name)
    return NamedPerson(name, own, title, " ".join(note for note in said if not is_blank(note)))


def _with_stray_numbers(people: Iterator[NamedPerson]) -> Iterator[NamedPerson]:
    """Yield the people; numbers in a piece of their own belong to the one before them."""
    last: NamedPerson | None = None
    for person in people:
        if person.name or last is None:
            if last is not None:
                yield last
            last = person
            continue
        note = " ".join(filter(None, (last.note, person.note)))
        last = replace(last, phones=tuple(dict.fromkeys(last.phones + person.phones)), note=note)
    if last is not None:
        yield last


def _as_one(text: str, pieces: list[str], phones: dict[str, str]) -> NamedPerson:
    """Return a cell that cannot be taken apart as one person, with all its numbers."""
    name = clean(text)
    if len(pieces) == 1 and phones and not _BRACKETS.search(pieces[0]):
        name = clean(_MARKS.sub(" ", pieces[0])).strip(_PUNCTUATION) or name
    return NamedPerson(name, tuple(dict.fromkeys(phones.values())))
