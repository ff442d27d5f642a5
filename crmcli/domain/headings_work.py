"""Rows of the field catalogue for what only people make here: tasks, approvals, files.

Imports do not see them: no column of a sheet is ever taken for one of these fields.
"""

from __future__ import annotations

from crmcli.domain.headings_parties import Row

_ABOUT: list[Row] = [
    ("opportunity", "商机", "Opportunity", "reference", ""),
    ("contact", "联系人", "Contact", "name", ""),
    ("customer", "客户", "Customer", "company", ""),
]

TASK: list[Row] = [
    ("id", "任务号", "Task no.", "id", ""),
    ("title", "任务", "Task", "text", ""),
    ("owner", "负责人", "Owner", "person", ""),
    ("due", "截止日期", "Due", "date", ""),
    *_ABOUT,
    ("origin", "来由", "Comes from", "text", ""),
    ("created_at", "创建时间", "Created at", "date", ""),
    ("created_by", "创建人", "Created by", "person", ""),
    ("done_at", "完成时间", "Done at", "date", ""),
    ("done_by", "完成人", "Done by", "person", ""),
    ("result", "结果", "Result", "text", ""),
    ("note", "备注", "Note", "text", ""),
]

APPROVAL: list[Row] = [
    ("id", "审批号", "Approval no.", "id", ""),
    ("subject", "审批事项", "Subject", "text", ""),
    ("opportunity", "商机", "Opportunity", "reference", ""),
    ("for_stage", "进入阶段", "To enter the stage", "stage", ""),
    ("approver", "审批人", "Approver", "person", ""),
    ("asked_at", "申请时间", "Asked at", "date", ""),
    ("asked_by", "申请人", "Asked by", "person", ""),
    ("decision", "决定", "Decision", "text", ""),
    ("decided_at", "决定时间", "Decided at", "date", ""),
    ("decided_by", "决定人", "Decided by", "person", ""),
    ("note", "意见", "Remarks", "text", ""),
]

ATTACHMENT: list[Row] = [
    ("id", "文件号", "File no.", "id", ""),
    ("path", "文件", "File", "text", ""),
    ("kind", "文件类型", "Kind of file", "text", ""),
    ("size", "大小(字节)", "Size (bytes)", "number", ""),
    ("opportunity", "商机", "Opportunity", "reference", ""),
    ("customer", "客户", "Customer", "company", ""),
    ("added_at", "登记时间", "Added at", "date", ""),
    ("added_by", "登记人", "Added by", "person", ""),
    ("sha256", "SHA-256", "SHA-256", "text", ""),
    ("note", "备注", "Note", "text", ""),
]

WORK: dict[str, list[Row]] = {"task": TASK, "approval": APPROVAL, "attachment": ATTACHMENT}
