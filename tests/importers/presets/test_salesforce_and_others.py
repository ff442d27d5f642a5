from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

# file name, header line, one row, preset, kind, some of what the row says: (kind, key, value)
SHEETS = [
    (
        "Opportunity.csv",
        "Id,Name,AccountId,StageName,Amount,CloseDate,Owner.Name,CreatedDate",
        "006A1,ERP,001A1,Closed Won,1000,2026-03-01,Ann Lee,2026-01-05T02:00:00.000+0000",
        ("salesforce_opportunities", "opportunity"),
        [("opportunity", "external_id", "006A1"), ("customer", "external_id", "001A1"),
         ("opportunity", "owner", "Ann Lee")],
    ),
    (
        "report1.csv",
        "Opportunity Name,Account Name,Stage,Amount,Probability (%),Close Date,Opportunity Owner",
        "ERP,Acme Inc.,Qualification,1000,20,3/25/2026,Ann Lee",
        ("salesforce_opportunities", "opportunity"),
        [("customer", "name", "Acme Inc."), ("opportunity", "stage", "Qualification")],
    ),
    (
        "Account.csv",
        "Id,Name,BillingCity,Industry,Owner.Name",
        "001A1,Acme Inc.,Austin,Energy,Ann Lee",
        ("salesforce_accounts", "customer"),
        [("customer", "external_id", "001A1"), ("customer", "industry", "Energy"), ("customer", "owner", "Ann Lee")],
    ),
    (
        "Contact.csv",
        "Id,FirstName,LastName,AccountId,Email,MobilePhone",
        "003A1,John,Smith,001A1,j@acme.com,+1 512 555 0101",
        ("salesforce_contacts", "contact"),
        [("contact", "name", "John Smith"), ("contact", "external_id", "003A1"), ("customer", "external_id", "001A1")],
    ),
    (
        "Lead.csv",
        "Id,FirstName,LastName,Company,Status,LeadSource",
        "00QA1,John,Smith,Acme Inc.,Open,Web",
        ("salesforce_leads", "lead"),
        [("lead", "name", "John Smith"), ("lead", "company", "Acme Inc."), ("lead", "status", "new")],
    ),
    (
        "OpportunityHistory.csv",
        "Id,OpportunityId,StageName,CreatedDate,CreatedBy.Name,Amount",
        "008A1,006A1,Proposal/Price Quote,2026-02-01T02:00:00.000+0000,Ann Lee,1000",
        ("salesforce_stage_history", "stage_history"),
        [("opportunity", "external_id", "006A1"), ("stage_history", "stage", "Proposal/Price Quote"),
         ("stage_history", "by", "Ann Lee")],
    ),
    (
        "deals.csv",
        ('Record ID,Deal Name,Deal Stage,Amount,Deal Owner,Close Date,Pipeline,Create Date,Associated Company,'
        '"Date entered ""Qualified (Sales)"""'),
        "101,ERP,Qualified,1000,ann@x.com,2026-03-01,Sales,2026-01-05,Acme Inc.,2026-01-20",
        ("hubspot_deals", "opportunity"),
        [("opportunity", "external_id", "101"), ("customer", "name", "Acme Inc."),
         ("opportunity", "owner", "ann@x.com")],
    ),
    (
        "companies.csv",
        "Record ID,Company name,Domain,Company owner,Industry",
        "201,Acme Inc.,acme.com,ann@x.com,Energy",
        ("hubspot_companies", "customer"),
        [("customer", "external_id", "201"), ("customer", "name", "Acme Inc.")],
    ),
    (
        "contacts.csv",
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage,Associated Company IDs",
        "301,John,Smith,j@acme.com,,ann@x.com,Customer,201",
        ("hubspot_contacts", "contact"),
        [("contact", "external_id", "301"), ("contact", "name", "John Smith"), ("customer", "external_id", "201")],
    ),
    (
        "Potentials.csv",
        "Potential Name,Potential Owner,Created Time,Closing Date,Amount,Stage,Lead Source,Probability,LEADID",
        'ERP,Ann Lee,"15 Apr, 2021 00:02:00","30 Apr, 2021","$22,700.00",Qualification,Web,20,77',
        ("zoho_deals", "opportunity"),
        [("opportunity", "name", "ERP"), ("opportunity", "expected_close", "2021-04-30"),
         ("opportunity", "source", "Web")],
    ),
    (
        "Accounts.csv",
        "ACCOUNTID,Account Name,Account Owner Id,Account Owner,Account Type,Industry,Website",
        "9,Acme Inc.,1,Ann Lee,Customer,Energy,acme.com",
        ("zoho_accounts", "customer"),
        [("customer", "external_id", "9"), ("customer", "owner", "Ann Lee")],
    ),
    (
        "Leads.csv",
        "LEADID,Last Name,Company,Lead Owner,Email,Mobile,Lead Source,Lead Status,CONVERTED",
        "8,Smith,Acme Inc.,Ann Lee,j@acme.com,,Web,Contacted,false",
        ("zoho_leads", "lead"),
        [("lead", "external_id", "8"), ("lead", "company", "Acme Inc."), ("lead", "status", "following")],
    ),
    (
        "Contacts.csv",
        "CONTACTID,Last Name,Contact Owner Id,Contact Owner,Account Id,Email,Mobile",
        "7,Smith,1,Ann Lee,9,j@acme.com,",
        ("zoho_contacts", "contact"),
        [("contact", "external_id", "7"), ("customer", "external_id", "9")],
    ),
    (
        "pipedrive.csv",
        "Deal - ID,Deal - Title,Deal - Value,Organization - Name,Deal - Stage,Deal - Status,Deal - Lost reason",
        "5,ERP,100.0,Acme Inc.,Proposal,Lost,Price",
        ("pipedrive_deals", "opportunity"),
        [("opportunity", "external_id", "5"), ("customer", "name", "Acme Inc."),
         ("opportunity", "loss_reason", "Price")],
    ),
    (
        "people.csv",
        "Person - Name,Person - Phone,Person - Email (Work),Organization - Name,Organization - Address",
        "John Smith,,j@acme.com,Acme Inc.,Main Street 1",
        ("pipedrive_people", "contact"),
        [("contact", "name", "John Smith"), ("contact", "emails", ["j@acme.com"]), ("customer", "name", "Acme Inc.")],
    ),
    (
        "crm_lead.csv",
        "External ID,Name,Customer Name,Contact Name,Email,Job Position,Phone,Street,City,State,Country,Notes",
        "crm_lead_1,ERP,Acme Inc.,John Smith,j@acme.com,CEO,,Main Street 1,Austin,Texas,US,call back",
        ("odoo_opportunities", "opportunity"),
        [("opportunity", "external_id", "crm_lead_1"), ("opportunity", "name", "ERP"),
         ("contact", "name", "John Smith")],
    ),
    (
        "res_partner.csv",
        "Name,Is a company,Related company,Street,ZIP,City,State,Country",
        "Acme Inc.,True,,Main Street 1,78701,Austin,Texas,US",
        ("odoo_partners", "customer"),
        [("customer", "name", "Acme Inc."), ("customer", "address", "Main Street 1")],
    ),
    (
        "CRM Deal.csv",
        "ID,Organization,Status,Deal Owner,Deal Value,Currency,Expected Closure Date,Lost Reason,Lost Notes",
        "CRM-DEAL-1,Acme Inc.,Lost,ann@x.com,1000,USD,2026-03-01,Price,too high",
        ("frappe_deals", "opportunity"),
        [("opportunity", "external_id", "CRM-DEAL-1"), ("opportunity", "stage", "Lost"),
         ("opportunity", "loss_note", "too high")],
    ),
    (
        "CRM Lead.csv",
        "ID,First Name,Last Name,Organization,Status,Lead Owner,Mobile No",
        "CRM-LEAD-1,John,Smith,Acme Inc.,Nurture,ann@x.com,",
        ("frappe_leads", "lead"),
        [("lead", "external_id", "CRM-LEAD-1"), ("lead", "name", "John Smith"), ("lead", "company", "Acme Inc.")],
    ),
    (
        "CRM Organization.csv",
        "Organization Name,Website,Territory,Industry,Annual Revenue,No. of Employees",
        "Acme Inc.,acme.com,US,Energy,1,11-50",
        ("frappe_organizations", "customer"),
        [("customer", "name", "Acme Inc."), ("customer", "industry", "Energy")],
    ),
    (
        "Opportunity.csv",
        "id,name,accountName,stage,amount,amountCurrency,closeDate,assignedUserName",
        "e1,ERP,Acme Inc.,Negotiation,1000,USD,2026-03-01,Ann Lee",
        ("espo_opportunities", "opportunity"),
        [("opportunity", "external_id", "e1"), ("customer", "name", "Acme Inc."), ("opportunity", "owner", "Ann Lee")],
    ),
    (
        "商机.csv",
        "名称,客户,阶段,项目预算,概率 %,客户来源,关闭日期,描述",
        "年框,甲公司,Proposal,1000,50,展会,2026-03-01,跟进中",
        ("espo_opportunities", "opportunity"),
        [("opportunity", "name", "年框"), ("customer", "name", "甲公司"),
         ("opportunity", "expected_close", "2026-03-01")],
    ),
    (
        "opportunities.csv",
        "id,name,account_name,amount,date_closed,sales_stage,lead_source,assigned_user_name",
        "s1,ERP,Acme Inc.,1000,2026-03-01,Closed Lost,Web,Ann Lee",
        ("suitecrm_opportunities", "opportunity"),
        [("opportunity", "external_id", "s1"), ("opportunity", "stage", "Closed Lost"),
         ("customer", "name", "Acme Inc.")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "header", "row", "preset", "said"), SHEETS, ids=[f"{case[3][0]}-{case[0]}" for case in SHEETS]
)
def test_a_western_export_is_known_by_its_headers(
    look_csv: Callable[..., Any], name: str, header: str, row: str, preset: tuple[str, str], said: list[Any]
) -> None:
    seen = look_csv(name, header, row)
    assert seen.preset == preset
    assert [seen.rows[0].get(kind, {}).get(key) for kind, key, _value in said] == [value for _k, _key, value in said]


def test_the_days_on_which_a_hubspot_deal_entered_its_stages(look_csv: Callable[..., Any]) -> None:
    header = 'Record ID,Deal Name,Deal Stage,Pipeline,"Date entered ""Appointment""",Date entered Contract Sent (Sales)'
    seen = look_csv("deals.csv", header, "1,ERP,Contract Sent,Sales,2026-01-05 10:00,2026-02-01 09:30")
    assert seen.rows[0]["opportunity"]["stage_dates"] == [
        ("Appointment", "2026-01-05T10:00:00+08:00"), ("Contract Sent", "2026-02-01T09:30:00+08:00")
    ]  # fmt: skip
