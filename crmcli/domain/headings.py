"""All rows of the field catalogue, and the headers that name no kind of record."""

from __future__ import annotations

from crmcli.domain.headings_contracts import CONTRACT, PAYMENT
from crmcli.domain.headings_deals import OPPORTUNITY, PRODUCT
from crmcli.domain.headings_events import ACTIVITY, MESSAGE, STAGE_HISTORY
from crmcli.domain.headings_parties import CONTACT, CUSTOMER, LEAD, OWNER, Row
from crmcli.domain.headings_targets import TARGET

FIELDS: dict[str, list[Row]] = {
    "customer": CUSTOMER,
    "contact": CONTACT,
    "lead": LEAD,
    "opportunity": OPPORTUNITY,
    "stage_history": STAGE_HISTORY,
    "activity": ACTIVITY,
    "owner": OWNER,
    "product": PRODUCT,
    "message": MESSAGE,
    "contract": CONTRACT,
    "payment": PAYMENT,
    "target": TARGET,
}

# Headers that name no kind of record: they belong to what the sheet is mainly about.
BARE: dict[str, str] = {
    "external_id": "编号|编码|单号|流水号|数据ID|记录ID|ID|Record ID|External ID|唯一ID|代码",
    "name": "名称|Name|姓名|Title",
    "note": (
        "备注|备注信息|描述|描述信息|说明|跟进情况|客户需求|需求|Description|Notes|Note|Remark|Remarks|备注说明"
        "|情况说明|基本情况|补充说明|特殊说明|需求描述|需求情况|需求内容|采购需求|客户诉求|咨询内容|进展|进展情况"
        "|项目进展|最新进展|最新情况|当前进展|跟进进展|跟进备注|最近跟进|最近跟进情况|最新跟进"
    ),
    "source": (
        "来源|渠道|来源渠道|添加方式|Source|Lead Source|origin|渠道来源|获客渠道|获客方式|信息来源|推广渠道"
        "|来源方式|来源类型"
    ),
    "status": "状态|Status",
    "owner": (
        "负责人|负责人名字|负责销售|负责人姓名|所属员工|跟进员工|归属人|业务员|销售|销售员|销售人员|销售负责人"
        "|对接销售|经办人|客户经理|Owner|sales agent|Salesperson|Sales Rep|Owner Name|Assigned To|Assigned User"
        "|跟单人|跟单员|跟进销售|跟进业务员|跟进负责人|业务人员|业务负责人|负责业务|业务|销售顾问|销售人|所属销售"
        "|所属业务员|归属销售|归属业务员|归属员工|所有人|拥有者|责任人|销售责任人|项目负责人|大客户经理|签单人"
        "|经手人|开发业务员|所属人"
    ),
    "created_at": (
        "创建时间|创建日期|录入时间|录入日期|登记时间|登记日期|添加时间|注册时间|Created Date|Created Time"
        "|Created At|Date Created|Created On|新增时间|新增日期|建立时间|建立日期|添加日期|入库时间|提交时间"
        "|提交日期|获客时间|获客日期|报备时间|报备日期|留资时间|进线时间"
    ),
    "tags": "标签|label|Tags|Tag|标签名称",
    "type": "类型|Type",
}
