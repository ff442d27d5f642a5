from __future__ import annotations

from crmcli.domain.gates import Lack, checklist_of, lacking, required_fields
from crmcli.domain.pipeline import DEFAULT_PIPELINE, Pipeline, Stage

BIG = Pipeline(
    "big",
    "大客户",
    (
        Stage("接触", 1, checklist=("到访",)),
        Stage("报价", 2, require=("amount",), checklist=("报价单", "到访"), approval="陈静"),
        Stage("谈判", 3, require=("product", "amount"), approval="manager"),
    ),
)


def _lacking(to: str, ticked: tuple[str, ...] = (), approved: tuple[str, ...] = (), **fields: object) -> Lack:
    return lacking(BIG, BIG.place(to), fields, ticked, approved)


def test_a_gate_asks_for_all_of_the_stage_and_those_before() -> None:
    assert _lacking("报价") == Lack(("amount",), ("到访", "报价单"), (("报价", "陈静"),))
    assert _lacking("谈判").fields == ("amount", "product")


def test_a_win_asks_for_what_all_stages_ask_for_and_a_loss_for_nothing() -> None:
    assert _lacking("赢单") == Lack(("amount", "product"), ("到访", "报价单"), (("报价", "陈静"), ("谈判", "manager")))
    assert not _lacking("输单")
    assert not _lacking("无效")


def test_what_is_there_is_not_lacking() -> None:
    assert not _lacking("谈判", (" 到访 ", "报价单"), ("报价", "谈判"), amount=0, product="X")
    assert _lacking("报价", ("到访", "报价单"), ("报价",), amount="").fields == ("amount",)


def test_all_that_is_lacking_is_told() -> None:
    lack = _lacking("谈判", ticked=("到访",))
    assert [str(reason) for reason in lack.reasons("谈判")] == [
        "谈判 needs the field amount",
        "谈判 needs the field product",
        "谈判 needs a tick at 报价单",
        "报价 needs the approval of 陈静",
        "谈判 needs the approval of manager",
    ]
    assert lack.as_data() == {
        "fields": ["amount", "product"],
        "checklist": ["报价单"],
        "approval": ["报价", "谈判"],
    }
    assert Lack(items=("到访",)).as_data() == {"checklist": ["到访"]}


def test_the_default_gates_name_every_field_once() -> None:
    assert required_fields(DEFAULT_PIPELINE, DEFAULT_PIPELINE.place("赢单")) == ["amount", "expected_close", "product"]


def test_the_checklist_of_a_pipeline() -> None:
    assert checklist_of(BIG) == [("接触", "到访"), ("报价", "报价单"), ("报价", "到访")]
