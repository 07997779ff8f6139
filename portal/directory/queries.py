"""Who is in the directory, and how many are in each tab."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from portal import policies
from portal.accounts.models import Account
from portal.advocates import queries as advocates
from portal.advocates.filters import AdvocateFilters, AdvocateView, is_in_view, matching
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.policies import AskRules
from portal.custom_fields.models import FieldSubject
from portal.directory.extra_facts import extra_column, extra_facts
from portal.errors import NotFound
from portal.list_summaries import ListSummary
from portal.paging import KeysetPage, paginate
from tenants.clock import utc_now


def people(
    session: Session,
    filters: AdvocateFilters,
    rules: AskRules,
    cursor: str | None,
    extra: Sequence[ColumnElement[bool]] = (),
    *,
    also_outside: bool = False,
) -> KeysetPage[Advocate]:
    found = matching(filters, rules, also_outside=also_outside).where(*extra)
    selected = found.options(contains_eager(Advocate.account))
    return paginate(session, selected, key=(Advocate.name_sort, Advocate.id), cursor=cursor)


def person(session: Session, advocate_id: UUID) -> tuple[Advocate, list[tuple[str, str]]]:
    """Return somebody with their company, and their tags and custom fields as facts."""
    not_erased = advocates.with_account().where(Advocate.state != AdvocateState.ERASED)
    one = not_erased.where(Advocate.id == advocate_id).add_columns(extra_column(FieldSubject.PERSON))
    found = session.execute(one).one_or_none()
    if found is None:
        raise NotFound("We couldn’t find this person.")
    return found[0], extra_facts(found[1])


def counts(session: Session, rules: AskRules, summary: ListSummary | None) -> Mapping[str, int]:
    """As a job counted them, where there are many people."""
    return count_people(session, rules) if summary is None else summary.counts


def count_people(session: Session, rules: AskRules) -> Mapping[str, int]:
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
    row = session.execute(
        select(*columns).outerjoin_from(Advocate, Account, Account.id == Advocate.account_id)
    )
    return dict(row.mappings().one())
