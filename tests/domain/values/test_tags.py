import pytest

from crmcli.domain.values.tags import parse_tags


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("[标签1，标签2]", ["标签1", "标签2"]),
        ("A,B;C；D、E", ["A", "B", "C", "D", "E"]),
        ('["重点", "华东"]', ["重点", "华东"]),
        ("重点客户 2024, 重点客户 2024", ["重点客户 2024"]),
        ("老客户,,无", ["老客户"]),
        ("[]", []),
    ],
)
def test_tags_in_a_cell(text: str, tags: list[str]) -> None:
    assert parse_tags(text) == tags
