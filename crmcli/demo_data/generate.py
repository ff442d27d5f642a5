"""The made-up world of one seed."""

from __future__ import annotations

from random import Random

from crmcli.demo_data import chat_sheets, customer_sheets, sales_sheets
from crmcli.demo_data.deals import make_deals
from crmcli.demo_data.firms import make_firms
from crmcli.demo_data.model import Demo
from crmcli.demo_data.spelling import Names
from crmcli.demo_data.staff import OWNERS, PRODUCTS

SEED = 20260630


def generate(seed: int = SEED) -> Demo:
    """Return the firms, the opportunities and the ten files of one seed; the same seed gives the same cells."""

    def rng(part: str) -> Random:
        """Return a generator of its own for each part, so that a change in one leaves the others alone."""
        return Random(f"{seed}/{part}")

    firms = make_firms(rng("firms"))
    deals = make_deals(rng("deals"), firms)
    names = Names(firms)
    customers = (
        customer_sheets.customer_book(rng("book"), firms, names),
        customer_sheets.old_list(rng("old list"), firms, names),
        customer_sheets.old_crm_export(rng("old crm"), firms, names),
        chat_sheets.wecom_export(rng("wecom"), firms, names),
        chat_sheets.wechat_contacts(rng("wechat"), firms),
    )
    written = sales_sheets.written_firms(rng("written"), deals, firms, names)
    sales = (
        sales_sheets.deal_book(rng("deal book"), deals, written),
        sales_sheets.stage_history(rng("history"), deals),
        sales_sheets.follow_ups(rng("follow-ups"), deals, firms, written),
    )
    files = (sales_sheets.owner_book(), sales_sheets.product_list(), *customers, *sales)
    return Demo(seed, OWNERS, PRODUCTS, firms, deals, files)
