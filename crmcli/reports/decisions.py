"""The words of workbooks that come back: decisions and headers, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

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
# what a person may say of two values: conflict sheets
CHOICES = {
    "ours": ("保留我方", "keep ours"),
    "theirs": ("采用对方", "take theirs"),
    "typed": ("手工填写", "as typed"),
}
_ALSO_CHOICES = {
    "ours": ("我方", "保留", "ours", "keep"),
    "theirs": ("对方", "采用", "theirs", "take"),
    "typed": ("手工", "手填", "manual", "typed"),
}
KEEP_AS_IS = ("保留原样", "keep as it is")
DECISION_HEADERS = ("决定", "decision")
TYPED_HEADERS = ("填写的值", "typed value")
MEANING_HEADERS = ("归入", "means")
RESULT_HEADERS = ("本次跟进", "follow-up")
CONCLUSION_HEADERS = ("复盘结论", "review conclusion")
ASKED_HEADERS = (*DECISION_HEADERS, *MEANING_HEADERS, *RESULT_HEADERS, *CONCLUSION_HEADERS)
# the hidden columns, one a kind of workbook; below a pair's number and what its two records were like
PAIR_HEADER = "crmcli:pair"
CONFLICT_HEADER = "crmcli:conflict"
WORD_HEADER = "crmcli:word"
WORKLIST_HEADER = "crmcli:worklist"
REVIEW_HEADER = "crmcli:review"
KEY_HEADERS = (PAIR_HEADER, CONFLICT_HEADER, WORD_HEADER, WORKLIST_HEADER, REVIEW_HEADER)


def in_words(words: tuple[str, str]) -> str:
    """Return the Chinese or the English one of two words."""
    return words[0] if current_language() == "zh" else words[1]


def decision_of(text: str) -> str | None:
    """Return the decision that a cell means, "" for an empty one, None for an unknown word.

    >>> decision_of(" 相同 "), decision_of("Yes"), decision_of(""), decision_of("maybe")
    ('same', 'same', '', None)
    """
    return _meant(text, DECISIONS, _ALSO)


def choice_of(text: str) -> str | None:
    """Return which value a cell of a conflict sheet chooses, "" for an empty one, None for an unknown word.

    >>> choice_of("采用对方"), choice_of("keep ours"), choice_of(" "), choice_of("?")
    ('theirs', 'ours', '', None)
    """
    return _meant(text, CHOICES, _ALSO_CHOICES)


def _meant(text: str, known: Mapping[str, tuple[str, ...]], also: Mapping[str, tuple[str, ...]]) -> str | None:
    word = text.strip().casefold()
    if not word:
        return ""
    return next((decision for decision, words in known.items() if word in (*words, *also[decision])), None)
