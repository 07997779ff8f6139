"""Deals: the list, and what its filters offer."""

from sqlalchemy import literal, select, union
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import Deal
from portal.accounts.queries import DealFilter
from portal.list_summaries import summary_of_long_list
from portal.paging import KeysetPage, paginate


def deals_page(session: Session, filters: DealFilter, cursor: str | None) -> KeysetPage[Deal]:
    return paginate(session, queries.deals(filters), key=(Deal.prospect_norm, Deal.id), cursor=cursor)


def filter_options(session: Session) -> dict[str, list[str]]:
    summary = summary_of_long_list(session, Deal)
    if summary is not None:
        return summary.sorted_choices("stage", "product")
    stages = select(literal("stage").label("name"), Deal.stage.label("value")).where(Deal.stage != "")
    products = select(literal("product"), Deal.product).where(Deal.product != "")
    found: dict[str, list[str]] = {"stage": [], "product": []}
    for name, value in session.execute(union(stages, products).order_by("value")):
        found[name].append(value)
    return found
