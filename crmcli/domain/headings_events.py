"""Rows of the field catalogue for what happens: key, Chinese and English label, type, header synonyms.

Source: headers seen in the exports of the named systems and in sales teams' own sheets.
"""

from __future__ import annotations

from crmcli.domain.headings_parties import Row

STAGE_HISTORY: list[Row] = [
    ("opportunity", "变更商机", "Changed opportunity", "reference", ""),
    (
        "from_stage",
        "原阶段",
        "From Stage",
        "stage",
        "变更前阶段|变更前|旧阶段|前阶段|原状态|变更前状态|原商机阶段|上一阶段|变更前的阶段",
    ),
    (
        "stage",
        "新阶段",
        "To Stage",
        "stage",
        "变更后阶段|变更后|现阶段|新状态|变更后状态|变更后的阶段|现商机阶段|目标阶段",
    ),
    (
        "at",
        "变更时间",
        "Changed at",
        "date",
        (
            "进入时间|阶段变更时间|变更日期|进入日期|阶段进入时间|Stage Changed At|Last Stage Change Date"
            "|阶段变更日期|状态变更时间|变动时间|变动日期|推进时间|推进日期"
        ),
    ),
    ("by", "变更人", "Changed by", "person", "操作人|Changed By"),
    ("reason", "变更原因", "Change reason", "text", "原因|Reason"),
    ("note", "变更备注", "Change note", "text", "变更说明"),
]

ACTIVITY: list[Row] = [
    ("id", "跟进号", "Activity no.", "id", ""),
    ("customer", "跟进客户", "Activity's customer", "company", ""),
    ("contact", "跟进联系人", "Activity's contact", "name", ""),
    ("opportunity", "跟进商机", "Activity's opportunity", "reference", ""),
    (
        "type",
        "跟进方式",
        "Activity type",
        "text",
        "跟进类型|联系类型|拜访方式|沟通方式|跟进形式|Activity - Type|沟通渠道|回访方式|拜访形式|活动类型",
    ),
    (
        "at",
        "跟进时间",
        "Activity time",
        "date",
        (
            "跟进日期|拜访日期|拜访时间|沟通时间|联系时间|Activity Date|Activity - Due date|Call Date|回访时间"
            "|回访日期|沟通日期|活动时间|通话时间"
        ),
    ),
    ("by", "跟进人", "Activity by", "person", "拜访人|记录人|回访人|沟通人|填写人|填报人"),
    (
        "text",
        "跟进内容",
        "Activity text",
        "text",
        (
            "跟进记录|沟通内容|拜访内容|沟通记录|拜访记录|Activity - Subject|Note - Content|Comments|回访内容"
            "|回访记录|联系内容|跟进描述|跟进详情|跟进说明|沟通情况|沟通纪要|会议纪要|拜访情况|拜访纪要|洽谈内容"
            "|活动内容|通话内容"
        ),
    ),
    ("next_action", "后续行动", "Follow-up action", "text", ""),
    ("next_at", "后续时间", "Follow-up date", "date", ""),
]

MESSAGE: list[Row] = [  # times are read row by row, so that nobody reads millions of rows twice
    ("talker", "会话", "Conversation", "text", ""),
    ("room", "群聊", "Chat room", "text", ""),
    ("sender", "发言人", "Sender", "text", ""),
    ("is_sender", "是否本人", "Sent by me", "boolean", ""),
    ("at", "消息时间", "Sent at", "text", ""),
    ("type", "消息类型", "Message type", "text", ""),
    ("text", "消息内容", "Message text", "text", ""),
    ("remark", "聊天备注名", "Chat remark", "text", ""),
    ("nickname", "聊天昵称", "Chat nickname", "text", ""),
]
