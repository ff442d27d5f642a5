from __future__ import annotations

import pytest

from crmcli.domain.fields import (
    bare_headers,
    catalogue,
    fields_of,
    headers_to_paths,
    known_headers,
    normalise_header,
)
from crmcli.domain.intake import MONEY
from crmcli.domain.records import ENTITIES

# cli.md, "Field keys": a contract
CONTRACT = {
    "customer": "id external_id name short_name credit_code phones emails wechat industry level source province city"
    " district address owner tags lifecycle parent created_at note",
    "contact": "id external_id customer name title role phones emails wechat created_at note",
    "lead": "id external_id name company phones emails wechat source status owner created_at note",
    "opportunity": "id external_id name customer product amount currency stage status probability grade owner source"
    " expected_close created_at closed_at loss_reason loss_note competitor stage_text next_action next_at note",
    "stage_history": "opportunity stage at from_stage by reason note",
    "activity": "customer contact opportunity type at by text next_action next_at",
    "owner": "name external_id team manager region provinces weight active",
    "product": "id external_id name category price currency active note",
}


@pytest.mark.parametrize("entity", CONTRACT)
def test_the_contract_s_fields_are_there(entity: str) -> None:
    known = {field.key for field in fields_of(entity)}
    assert set(CONTRACT[entity].split()) - known <= {"id"}


@pytest.mark.parametrize("entity", [entity for entity in CONTRACT if entity != "stage_history"])
def test_every_field_has_a_column_or_is_a_relation(entity: str) -> None:
    columns = set(ENTITIES[entity].columns)
    renamed = {"id": "id", "external_id": "external_ids"} | MONEY
    for field in fields_of(entity):
        if field.path == "customer.region":  # one text that is taken apart into province, city and district
            continue
        assert {renamed.get(field.key, field.key), f"{field.key}_id"} & (columns | {"id"}), field.path


def test_every_field_has_a_label_in_both_languages() -> None:
    assert all(field.label("zh") and field.label("en") for field in catalogue().values())
    assert catalogue()["customer.name"].label("zh") == "客户名称"


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("客户编号", "customer.external_id"),
        ("客户名称", "customer.name"),
        ("手机", "contact.phones"),
        ("商机编号", "opportunity.external_id"),
        ("商机名称", "opportunity.name"),
        ("商机金额", "opportunity.amount"),
        ("预计成交日期", "opportunity.expected_close"),
        ("丢单原因", "opportunity.loss_reason"),
        ("变更时间", "stage_history.at"),
    ],
)
def test_the_contract_s_headers_mean_their_fields(header: str, path: str) -> None:
    assert path in headers_to_paths().get(normalise_header(header), ())


@pytest.mark.parametrize("header", ["编号", "名称", "备注", "来源", "状态", "负责人", "创建时间"])
def test_bare_headers_belong_to_no_kind(header: str) -> None:
    assert normalise_header(header) in bare_headers()
    assert normalise_header(header) not in headers_to_paths()
    assert normalise_header(header) in known_headers()


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  客户名称 ", "客户名称"),
        ("客户名称：", "客户名称"),
        ("*客户名称（必填）", "客户名称"),
        ("＊客户名称", "客户名称"),
        ("Close_Date", "close date"),
        ("DEAL  Stage", "deal stage"),
        ("\ufeff客户名称", "客户名称"),
        ("客户\n名称", "客户 名称"),
        ("", ""),
        ("***", ""),
    ],
)
def test_headers_are_compared_without_marks_width_case_and_spacing(written: str, normal: str) -> None:
    assert normalise_header(written) == normal


def test_synonyms_are_normalised_and_none_is_empty() -> None:
    for field in catalogue().values():
        assert all(word and normalise_header(word) == word for word in field.synonyms), field.path


@pytest.mark.parametrize("entity", ["task", "approval", "attachment"])
def test_what_people_make_here_has_fields_that_no_sheet_is_read_for(entity: str) -> None:
    fields = fields_of(entity)
    columns = {"id", *ENTITIES[entity].columns, *ENTITIES[entity].parents}
    assert {field.key for field in fields} <= columns
    assert not catalogue().keys() & {field.path for field in fields}
    assert not any(path.startswith(f"{entity}.") for paths in headers_to_paths().values() for path in paths)
