"""Pivot tables and cross tables: they hold totals, so none of their rows is a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crmcli.i18n import Message, msg
from crmcli.importers.readers.grid import NumberedRow
from crmcli.importers.tables.looks import is_blank, is_total_word, is_value

PIVOT = msg("this is a pivot table: it holds totals and no records (export the table that it was made from)")
_HEAD_ROWS = 20
_MIN_WIDTH = 3
# Source: the headings that Excel and WPS put over a pivot table, in Chinese and English
_MARK = re.compile(
    r"^(行标签|列标签|row labels|column labels)$"
    r"|^(求和|计数|数值计数|平均值|最大值|最小值|乘积|标准偏差|方差)项\s*[:：]",
    re.IGNORECASE,
)
_SUM_OF = re.compile(r"^(sum|count|average|max|min) of \S", re.IGNORECASE)


def pivot_reason(head: Sequence[NumberedRow], is_known: Callable[[str], bool]) -> Message | None:
    """Return why a sheet that begins with these rows holds no records, None where it may."""
    rows = [[cell.strip() for cell in cells if not is_blank(cell)] for _number, cells in head]
    filled = [row for row in rows if row][:_HEAD_ROWS]
    if any(_MARK.match(cell) for row in filled for cell in row):
        return PIVOT
    widest = max((len(row) for row in filled), default=0)
    labels = next((row for row in filled if len(row) == widest and not any(map(is_value, row))), [])
    if sum(map(is_known, labels)) > 1:
        return None
    sums = any(map(_SUM_OF.match, labels))
    cross = len(labels) >= _MIN_WIDTH and is_total_word(labels[-1]) and any(is_total_word(row[0]) for row in filled)
    return PIVOT if sums or cross else None
