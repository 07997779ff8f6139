"""What the filters of the list of deals offer."""

from sqlalchemy import literal, select, union
from sqlalchemy.orm import Session

from portal import list_summaries
from portal.accounts.models import Deal


def filter_options(session: Session) -> dict[str, list[str]]:
    stages = select(literal("stage").label("kind"), Deal.stage.label("value")).where(Deal.stage != "")
    products = select(literal("product"), Deal.product).where(Deal.product != "")
    found = list_summaries.choices(session, Deal, union(stages, products))
    return {name: sorted(found.get(name, ())) for name in ("stage", "product")}
