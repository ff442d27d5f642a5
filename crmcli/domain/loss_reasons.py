"""Why deals are lost: the company's list, the texts that mean an entry of it, and whether one must be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from crmcli.domain.values.text import fold, is_blank
from crmcli.i18n import Message, msg

DEFAULT_REASONS = ("价格", "竞品", "预算", "需求变化", "立项失败", "决策链复杂", "时机", "服务", "失联", "其他")


@dataclass(frozen=True)
class LossReasons:
    """The list that a lost deal's primary reason comes from; `synonyms` are reason -> texts in old sheets."""

    reasons: tuple[str, ...] = DEFAULT_REASONS
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: bool = True

    @cached_property
    def _written(self) -> dict[str, str]:
        words = {fold(text): reason for reason in self.reasons for text in self.synonyms.get(reason, ())}
        return words | {fold(reason): reason for reason in self.reasons}

    def with_words(self, words: Mapping[str, str]) -> LossReasons:
        """Return the list that knows more written texts: text -> reason; those it knows stay as they are."""
        fresh: dict[str, tuple[str, ...]] = {}
        for text, reason in words.items():
            if reason in self.reasons and self.match(text) is None:
                fresh[reason] = (*fresh.get(reason, ()), text)
        more = {reason: (*self.synonyms.get(reason, ()), *texts) for reason, texts in fresh.items()}
        return replace(self, synonyms={**self.synonyms, **more}) if more else self

    def match(self, text: str) -> str | None:
        """Return the reason that a text means, None where the list does not know it: a reason is never guessed.

        >>> reasons = LossReasons(synonyms={"价格": ("太贵",)})
        >>> [reasons.match(text) for text in ("太贵", " 竞品 ", "老板不喜欢")]
        ['价格', '竞品', None]
        """
        return self._written.get(fold(text))

    def check(self, text: str | None) -> Message | None:
        """Return what is wrong with the reason a person gives for a loss, None where it may stand."""
        if not text or is_blank(text):
            return msg("say why it was lost: {reasons}", reasons=self.reasons) if self.required else None
        if self.match(text) is None:
            return msg("{reason} is no loss reason; they are {reasons}", reason=text, reasons=self.reasons)
        return None
