"""What the filters of the list of deals offer."""

from sqlalchemy import literal, select, union
from sqlalchemy.orm import Session

from portal.accounts.models import Deal


def filter_options(session: Session) -> dict[str, list[str]]:
    stages = select(literal("stage").label("name"), Deal.stage.label("value")).where(Deal.stage != "")
    products = select(literal("product"), Deal.product).where(Deal.product != "")
    found: dict[str, list[str]] = {"stage": [], "product": []}
    for name, value in session.execute(union(stages, products).order_by("value")):
        found[name].append(value)
    return found
