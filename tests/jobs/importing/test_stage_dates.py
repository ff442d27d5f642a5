from __future__ import annotations

from typing import Any

HEADER = 'Record ID,Deal Name,Deal Stage,Deal owner,Company,"Date entered ""初步接触""",Date entered 方案报价 (S)'


def test_each_date_is_an_event_of_the_deals_history_once(crm: Any) -> None:
    file = crm.write(
        "deals.csv", HEADER,
        "1,ERP,方案报价,王芳,甲公司,2026-01-05 10:00,2026-02-01 09:30",
        "2,OA,初步接触,王芳,乙公司,2026-01-07 10:00,",
    )  # fmt: skip
    (sheet,) = crm("import", file, "--json").json["sheets"]
    assert (sheet["preset"], sheet["new"], sheet["records"]["stage_history"]) == ("hubspot_deals", 2, 3)
    funnel = crm("report", "funnel", "--json").json["tables"][0]
    at = [column["key"] for column in funnel["columns"]]
    reached = {row[at.index("stage")]: row[at.index("reached")] for row in funnel["rows"]}
    assert (reached["初步接触"], reached["方案报价"]) == (2, 1)
    (again,) = crm("import", file, "--json").json["sheets"]
    assert (again["same"], again["new"], again["updated"]) == (2, 0, 0)


def test_a_date_that_comes_later_updates_the_deal(crm: Any) -> None:
    crm("import", crm.write("a.csv", HEADER, "1,ERP,初步接触,王芳,甲公司,2026-01-05 10:00,"))
    later = crm.write("b.csv", HEADER, "1,ERP,方案报价,王芳,甲公司,2026-01-05 10:00,2026-02-01 09:30")
    (sheet,) = crm("import", later, "--json").json["sheets"]
    assert (sheet["updated"], sheet["records"]["stage_history"]) == (1, 1)
    assert crm("opp", "list", "--json").json[0]["stage"] == "方案报价"
