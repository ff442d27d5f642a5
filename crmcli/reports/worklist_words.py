"""The columns of worklists and of workbooks of closed deals: their headings, and which of them come back."""

from __future__ import annotations

from crmcli.domain.fields import normalise_header
from crmcli.reports.decisions import CONCLUSION_HEADERS, RESULT_HEADERS, REVIEW_HEADER, WORKLIST_HEADER

# column -> (Chinese, English); most are columns of the opportunity
HEADINGS = {
    "customer": ("客户", "customer"),
    "name": ("商机", "opportunity"),
    "why": ("为何在此", "why it is here"),
    "stage": ("阶段", "stage"),
    "result": RESULT_HEADERS,
    "loss_reason": ("丢单原因", "loss reason"),
    "amount_fen": ("金额", "amount"),
    "expected_close": ("预计成交", "expected close"),
    "next_action": ("下一步", "next step"),
    "next_at": ("下一步日期", "date of next step"),
    "note": ("备注", "note"),
    "number": ("编号", "number"),
    "owner": ("负责人", "owner"),
    "outcome": ("结果", "outcome"),
    "closed_at": ("关闭日期", "closed on"),
    "timeline": ("过程", "timeline"),
    "competitor": ("竞争对手", "competitor"),
    "conclusion": CONCLUSION_HEADERS,
}
SHOWN = {
    WORKLIST_HEADER: (
        *("customer", "name", "why", "stage", "result", "loss_reason", "amount_fen", "expected_close"),
        *("next_action", "next_at", "note", "number"),
    ),
    REVIEW_HEADER: (
        *("customer", "name", "owner", "outcome", "closed_at", "amount_fen", "timeline", "loss_reason", "competitor"),
        *("conclusion", "number"),
    ),
}
# what a person fills in
ASKED = {
    WORKLIST_HEADER: (
        *("stage", "result", "loss_reason", "amount_fen", "expected_close", "next_action", "next_at", "note"),
    ),
    REVIEW_HEADER: ("loss_reason", "competitor", "conclusion"),
}


def headers_of(column: str) -> tuple[str, str]:
    """Return a column's headings in both languages, as headers are compared."""
    zh, en = HEADINGS[column]
    return normalise_header(zh), normalise_header(en)
