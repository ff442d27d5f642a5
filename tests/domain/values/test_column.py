from crmcli.domain.problem import Problem
from crmcli.domain.values.column import parse_column
from crmcli.domain.values.number import parse_integer


def test_each_distinct_text_is_parsed_once_and_blanks_are_none() -> None:
    seen: list[str] = []

    def parser(text: str) -> int | Problem:
        seen.append(text)
        return parse_integer(text)

    assert parse_column(parser, ["1", "x", "", "1", "无", "x"]) == [
        1,
        Problem("number.invalid", "x"),
        None,
        1,
        None,
        Problem("number.invalid", "x"),
    ]
    assert seen == ["1", "x"]
