"""One person, and how many people the program knows, by step and by tab."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal import policies
from portal.accounts.models import Account
from portal.advocates import queries as advocates
from portal.advocates.filters import AdvocateView, is_in_view
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.policies import AskRules
from portal.custom_fields.models import FieldSubject
from portal.directory.extra_facts import extra_column, extra_facts
from portal.errors import NotFound
from tenants.clock import utc_now


def person(session: Session, advocate_id: UUID) -> tuple[Advocate, list[tuple[str, str]]]:
    """Return somebody with their company, and their tags and custom fields as facts."""
    not_erased = advocates.with_account().where(Advocate.state != AdvocateState.ERASED)
    one = not_erased.where(Advocate.id == advocate_id).add_columns(extra_column(FieldSubject.PERSON))
    found = session.execute(one).one_or_none()
    if found is None:
        raise NotFound("We couldn’t find this person.")
    return found[0], extra_facts(found[1])


def counted_people(session: Session, rules: AskRules) -> Select[*tuple[int, ...]]:
    """One row, a column for each number."""
    is_in = Advocate.state.in_(IN_PROGRAM)
    since = utc_now() - timedelta(days=policies.value(session, ACTIVE_DAYS))
    counted = {
        "known": Advocate.state != AdvocateState.ERASED,
        "invited": or_(Advocate.invited_at.is_not(None), Advocate.enrolled_at.is_not(None)),
        "enrolled": is_in,
        "helped": and_(is_in, Advocate.activated_at.is_not(None)),
        "active": and_(is_in, Advocate.last_act_at >= since),
        **{view.value: is_in_view(view, rules) for view in AdvocateView},
    }
    columns = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    return select(*columns).outerjoin_from(Advocate, Account, Account.id == Advocate.account_id)
