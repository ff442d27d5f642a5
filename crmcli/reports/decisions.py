"""The words of the review workbook that come back: decisions and headers, in both languages."""

from __future__ import annotations

from crmcli.i18n import current_language

# decision -> (Chinese, English)
DECISIONS = {
    "same": ("相同", "same"),
    "different": ("不同", "different"),
    "related": ("关联", "related"),
    "unsure": ("不确定", "unsure"),
}
# what people write for them besides
_ALSO = {
    "same": ("合并", "是", "同一家", "一样", "yes"),
    "different": ("不是", "否", "不一样", "no"),
    "related": ("集团", "分公司"),
    "unsure": ("待定", "?", "？"),
}
DECISION_HEADERS = ("决定", "decision")
# the hidden column: the pair's number and what its two records were like
PAIR_HEADER = "crmcli:pair"


def in_words(words: tuple[str, str]) -> str:
    """Return the Chinese or the English one of two words."""
    return words[0] if current_language() == "zh" else words[1]


def decision_of(text: str) -> str | None:
    """Return the decision that a cell means, "" for an empty one, None for an unknown word.

    >>> decision_of(" 相同 "), decision_of("Yes"), decision_of(""), decision_of("maybe")
    ('same', 'same', '', None)
    """
    word = text.strip().casefold()
    if not word:
        return ""
    return next((decision for decision, words in DECISIONS.items() if word in (*words, *_ALSO[decision])), None)
