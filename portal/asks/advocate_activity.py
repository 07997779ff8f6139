"""What the directory and segments read of asks: columns of advocates and their free days, written here alone.

They do not raise the row's version, so nobody's edit is refused because of them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Subquery,
    Update,
    Uuid,
    any_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, AdvocateState
from portal.asks.availability_by_kind import refresh_availability
from portal.asks.budget_windows import (
    given_by_company,
    given_by_person,
    of_their_companies,
    talks_over_year_limit,
    window_free_days,
)
from portal.asks.models import Ask, AskKind
from portal.asks.policies import AskRules, ask_rules
from portal.id_arrays import is_one_of

BATCH_SIZE = 1000  # rows of one statement


def record_ask_sent(session: Session, advocate_id: UUID, sent_at: datetime) -> None:
    latest = func.greatest(Advocate.last_ask_at, sent_at)
    _write_columns(session, Advocate.id == advocate_id, last_ask_at=latest)
    refresh_available_from(session, [advocate_id])


def record_asks_sent(session: Session, advocate_ids: Collection[UUID], sent_at: datetime) -> None:
    """As the one before, of many in one statement; rows that are loaded read it anew.

    Free days for other kinds than calls follow by the message about the batch.
    """
    session.flush()
    given = {"ids": list(advocate_ids), "sent_at": sent_at}
    session.execute(_asks_sent_update(ask_rules(session)), given)
    for row in [row for row in session.identity_map.values() if isinstance(row, Advocate)]:
        session.expire(row, ["last_ask_at", "available_from"])


def record_act(session: Session, advocate_id: UUID, completed_at: datetime) -> None:
    latest = func.greatest(Advocate.last_act_at, completed_at)
    first = func.least(Advocate.activated_at, completed_at)
    _write_columns(session, Advocate.id == advocate_id, last_act_at=latest, activated_at=first)


def refresh_available_from(session: Session, advocate_ids: Collection[UUID]) -> None:
    session.flush()
    rules = ask_rules(session)
    updated = session.execute(_available_from_update(rules), {"ids": list(advocate_ids)})
    _refresh_loaded(session, set(updated.scalars()), "available_from")
    refresh_availability(session, rules, advocate_ids)


@lru_cache(maxsize=100)
def _available_from_update(rules: AskRules) -> Update:
    """Made once a day for workspaces with the same rules: building it takes longer than running it."""
    days = _free_days(rules)
    changed = Advocate.available_from.is_distinct_from(days.c.available_from)
    return _update_advocates((Advocate.id == days.c.id) & changed, available_from=days.c.available_from)


@lru_cache(maxsize=100)
def _asks_sent_update(rules: AskRules) -> Update:
    days = _free_days(rules)
    latest = func.greatest(Advocate.last_ask_at, bindparam("sent_at", type_=DateTime(timezone=True)))
    facts = {"available_from": days.c.available_from, "last_ask_at": latest}
    written = update(Advocate).where(Advocate.id == days.c.id).values(**facts)
    return written.execution_options(synchronize_session=False)


def _free_days(rules: AskRules) -> Subquery:
    """Of the people `ids`, the day from which a call fits; null where it does today."""
    ids = any_(bindparam("ids", type_=ARRAY(Uuid)))
    these, theirs = Advocate.id == ids, Ask.advocate_id == ids
    given, year = given_by_person(rules, only=theirs), talks_over_year_limit(rules, theirs)
    company = given_by_company(rules, of_their_companies(these))
    free = func.greatest(
        *window_free_days(rules, rules.weight_of(AskKind.CALL), given, year, company).values()
    )
    return (
        select(
            Advocate.id, func.nullif(func.greatest(free, rules.today), rules.today).label("available_from")
        )
        .outerjoin(given, given.c.advocate_id == Advocate.id)
        .outerjoin(year, year.c.advocate_id == Advocate.id)
        .outerjoin(company, company.c.account_id == Advocate.account_id)
        .where(these)
        .subquery()
    )


def refresh_company_available_from(session: Session, account_id: UUID) -> None:
    refresh_people_and_colleagues(session, (), [account_id])


def refresh_people_and_colleagues(
    session: Session, advocate_ids: Collection[UUID], account_ids: Collection[UUID]
) -> None:
    """Of these people, and of everybody at these companies."""
    these = or_(Advocate.id == is_one_of(advocate_ids), Advocate.account_id == is_one_of(account_ids))
    refresh_available_from(session, _locked_ids(session, these, None))


def refresh_batch(session: Session, after: UUID | None = None) -> UUID | None:
    """Refresh a thousand people of the directory; return where to go on."""
    here = Advocate.state.in_([AdvocateState.ENROLLED, AdvocateState.PAUSED])
    ids = _locked_ids(session, here if after is None else here & (Advocate.id > after))
    refresh_available_from(session, ids)
    return ids[-1] if len(ids) == BATCH_SIZE else None


def _locked_ids(
    session: Session, these: ColumnElement[bool], most: int | None = BATCH_SIZE
) -> Sequence[UUID]:
    """In the order of their ids, so that two who do this at once wait and do not block each other."""
    rows = select(Advocate.id).where(these).order_by(Advocate.id).limit(most)
    return session.scalars(rows.with_for_update(key_share=True)).all()


def _write_columns(session: Session, these: ColumnElement[bool], **facts: Any) -> None:
    _refresh_loaded(session, set(session.scalars(_update_advocates(these, **facts))), *facts)


def _update_advocates(these: ColumnElement[bool], **facts: Any) -> Update:
    written = update(Advocate).where(these).values(**facts).returning(Advocate.id)
    return written.execution_options(synchronize_session=False)


def _refresh_loaded(session: Session, ids: Collection[UUID], *facts: str) -> None:
    """Rows that are loaded learn the new facts too."""
    for row in [row for row in session.identity_map.values() if isinstance(row, Advocate) and row.id in ids]:
        session.refresh(row, facts)
