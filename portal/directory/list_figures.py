"""What a job counts of the lists of people, companies and deals (portal/list_summaries.py)."""

from collections.abc import Callable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.models import Account, Deal
from portal.advocates.models import Advocate, AdvocateState
from portal.asks.policies import ask_rules
from portal.directory import queries
from portal.list_summaries import MOST_CHOICES, ListFigures
from tenants.base import TenantOwned


def advocates(session: Session) -> ListFigures:
    counted = queries.counted_people(session, ask_rules(session))
    counts = dict(session.execute(counted).mappings().one())
    choices = {
        "product": _most_used_tags(session, Advocate.products),
        "use_case": _most_used_tags(session, Advocate.use_cases),
        "region": _most_used(session, Account.region),
        "industry": _most_used(session, Account.industry),
    }
    return ListFigures(counts["known"], counts, choices)


def accounts(session: Session) -> ListFigures:
    choices = {
        "industry": _most_used(session, Account.industry),
        "region": _most_used(session, Account.region),
        "owner": _most_used(session, Account.owner_email_norm),
    }
    return ListFigures(_rows(session, Account), {}, choices)


def deals(session: Session) -> ListFigures:
    choices = {"stage": _most_used(session, Deal.stage), "product": _most_used(session, Deal.product)}
    return ListFigures(_rows(session, Deal), {}, choices)


def _rows(session: Session, model: type[Account] | type[Deal]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def _most_used(session: Session, column: InstrumentedAttribute[str]) -> list[str]:
    values = select(column).where(column != "").group_by(column)
    return list(session.scalars(values.order_by(func.count().desc(), column).limit(MOST_CHOICES)))


def _most_used_tags(session: Session, column: InstrumentedAttribute[list[str]]) -> list[str]:
    each = select(func.unnest(column).label("tag")).where(Advocate.state != AdvocateState.ERASED).subquery()
    values = select(each.c.tag).group_by(each.c.tag)
    return list(session.scalars(values.order_by(func.count().desc(), each.c.tag).limit(MOST_CHOICES)))


FIGURES: Mapping[type[TenantOwned], Callable[[Session], ListFigures]] = {
    Advocate: advocates,
    Account: accounts,
    Deal: deals,
}
