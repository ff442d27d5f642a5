"""What a sheet is mainly about, read off its columns.

Source: definitions.md, "Bare headers".
"""

from __future__ import annotations

from collections.abc import Collection

from crmcli.domain.fields import bare_headers, headers_to_paths

_OWNER_SIGNS = {"owner.manager", "owner.region", "owner.weight", "owner.provinces", "owner.team"}
_PRODUCT_SIGNS = {"product.category", "product.price", "product.external_id"}
_CONTRACT_SIGNS = {f"contract.{key}" for key in ("amount", "signed_on", "starts_on", "ends_on", "type", "status")}
# what only a sheet of deals on their way has
_DEAL_SIGNS = {
    f"opportunity.{key}" for key in ("stage", "status", "probability", "expected_close", "loss_reason", "competitor")
}
# a heading such as 金额, which is no contract's: beside a payment's day it is what was paid
_AMOUNT, _DEALS_AMOUNT = "amount", ("opportunity.amount",)
_PAYMENT_DAYS = {"payment.due_on", "payment.received_on"}
_PAYMENT_AMOUNTS = {"payment.due_amount", "payment.received_amount"}
# a bare name beside these is a person's
_PERSONAL = {"contact.phones", "contact.emails", "contact.title", "contact.wechat"}


def main_kind(headers: Collection[str], given: Collection[str] = ()) -> str | None:
    """Return the kind of record a sheet with these normalised headers holds, or None where nothing identifies one.

    `given` are the field paths that a person named for some of its columns.

    >>> main_kind(["商机编号", "阶段", "变更时间"]), main_kind(["客户名称", "金额"]), main_kind(["产品", "单价"])
    ('stage_history', 'opportunity', 'product')
    >>> main_kind(["合同编号", "客户名称", "合同金额"]), main_kind(["客户名称", "回款日期", "回款金额"])
    ('contract', 'payment')
    """
    paths = {path for header in headers for path in headers_to_paths().get(header, ())} | set(given)
    bare = {bare_headers()[header] for header in headers if header in bare_headers()}
    signed = paths | {_AMOUNT} if any(headers_to_paths().get(header) == _DEALS_AMOUNT for header in headers) else paths
    for kind, holds in (
        ("stage_history", _is_stage_history(paths)),
        ("activity", _is_activity(paths)),
        ("target", _is_target(paths)),
        ("contract", _is_contract(signed)),
        ("payment", _is_payment(signed)),
        ("opportunity", _is_opportunity(paths)),
        ("lead", bool(paths & {"lead.name", "lead.external_id", "lead.status", "lead.company"})),
        ("owner", _is_owner(paths, bare)),
        ("contact", _is_contact(headers, paths)),
        ("product", _is_product(paths, bare)),
        ("customer", _is_customer(paths, bare)),
    ):
        if holds:
            return kind
    return None


def _names_opportunity(paths: set[str]) -> bool:
    return bool(paths & {"opportunity.external_id", "opportunity.name"})


def _is_stage_history(paths: set[str]) -> bool:
    to_stage = paths & {"opportunity.stage", "stage_history.stage", "opportunity.status"}
    return _names_opportunity(paths) and bool(to_stage) and "stage_history.at" in paths


def _is_activity(paths: set[str]) -> bool:
    whose = paths & {"customer.name", "customer.external_id", "contact.name"} or _names_opportunity(paths)
    return bool(whose) and bool(paths & {"activity.at", "activity.type"})


def _is_opportunity(paths: set[str]) -> bool:
    return _names_opportunity(paths) or {"opportunity.amount", "customer.name"} <= paths


def _names_contract(paths: set[str]) -> bool:
    return bool(paths & {"contract.external_id", "contract.name"})


def _is_contract(paths: set[str]) -> bool:
    """Return whether a sheet lists contracts: what was received of each may stand beside, but not day by day."""
    if (
        not _names_contract(paths)
        or paths & _DEAL_SIGNS
        or (paths & _PAYMENT_DAYS and paths & {*_PAYMENT_AMOUNTS, _AMOUNT})
    ):
        return False
    signs = paths & _CONTRACT_SIGNS
    return bool(signs - {"contract.ends_on"} if paths & _PAYMENT_AMOUNTS else signs)


def _is_payment(paths: set[str]) -> bool:
    whose = paths & {"customer.name", "customer.external_id", "payment.customer"} or _names_opportunity(paths)
    if paths & _DEAL_SIGNS or not (whose or _names_contract(paths)):
        return False
    if paths & _PAYMENT_AMOUNTS:
        told_apart = {*_PAYMENT_DAYS, "contract.ends_on", "payment.installment", "payment.external_id"}
        return bool(paths & told_apart) or _names_contract(paths)
    return bool(paths & _PAYMENT_DAYS) and _AMOUNT in paths and not _names_opportunity(paths)


def _is_target(paths: set[str]) -> bool:
    """Return whether a sheet lists targets; one with a month a column is so only where a person says so (`--kind`)."""
    return bool(paths & {"target.amount", "target.count"}) and bool(paths & {"target.period", "target.year"})


def _is_customer(paths: set[str], bare: set[str]) -> bool:
    own = {"customer.name", "customer.external_id", "customer.credit_code"}
    return bool(paths & own) or "name" in bare or ("external_id" in bare and "customer.industry" in paths)


def _is_contact(headers: Collection[str], paths: set[str]) -> bool:
    if paths & {"contact.name", "contact.external_id"} or "姓名" in headers:
        return True
    about_person = bool(paths & _PERSONAL) or "title" in headers
    named = "name" in headers and ("customer.name" in paths or "title" in headers or "contact.title" in paths)
    return named and about_person


def _is_owner(paths: set[str], bare: set[str]) -> bool:
    named = "owner.name" in paths or bare & {"owner", "name"}
    others = paths & {"customer.name", "contact.name", "contact.phones", "contact.title", "customer.address"}
    return bool(named) and bool(paths & _OWNER_SIGNS or "owner.name" in paths) and not others


def _is_product(paths: set[str], bare: set[str]) -> bool:
    named = paths & {"product.name", "opportunity.product"} or "name" in bare
    others = paths & {"customer.name", "contact.name"}
    return bool(named) and bool(paths & _PRODUCT_SIGNS or "product.name" in paths) and not others
