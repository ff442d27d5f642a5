from __future__ import annotations

from crmcli.domain.metrics.collision_counts import CollisionLine, count_kinds
from crmcli.i18n import msg


def line(
    kind: str, winner: str | None = None, suggestion: str | None = "王芳", *, waits: bool = False
) -> CollisionLine:
    return CollisionLine(kind, f"{kind}:C1", "C1", ("王芳", "李强"), msg("x"), suggestion, winner, None, waits)


def test_decided_and_waiting_make_the_whole_and_only_what_had_a_suggestion_agrees_with_it() -> None:
    lines = (line("a", waits=True), line("a", "王芳"), line("a", "李强"), line("a", "李强", None), line("c", "王芳"))
    first, second = count_kinds([((), one) for one in lines])
    assert (first.kind, first.first, first.found, first.waiting, first.decided) == ("a", 0, 4, 1, 3)
    assert (first.as_suggested.numerator, first.as_suggested.denominator) == (1, 2)
    assert (second.first, second.found) == (4, 1)
