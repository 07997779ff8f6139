"""Reading whom we may ask for a further consent, whom we asked, and what they said."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Select, Subquery, Text, Uuid, any_, cast, func, literal, select, union
from sqlalchemy.orm import Session

from portal.advocates.models import IN_PROGRAM, Advocate, ConsentEntry, ConsentPurpose
from portal.declarations.bulk_acts import RowIds
from portal.errors import NotFound
from portal.outreach.consent_requests.eligibility import YEAR, ConsentCandidate
from portal.outreach.consent_requests.emails import further_purpose_key
from portal.outreach.consent_requests.models import ConsentRequest
from portal.outreach.models import Email
from portal.outreach.suppressions.queries import active_suppressions
from tenants.clock import utc_now


class RequestCounts(NamedTuple):
    """What came of asking within a year."""

    asked: int
    agreed: int
    refused: int

    @property
    def silent(self) -> int:
        return self.asked - self.agreed - self.refused


def candidates(session: Session, ids: RowIds | None = None) -> list[ConsentCandidate]:
    refused, asked = _refused(), _asked()
    columns = (Advocate.id, Advocate.email, Advocate.first_name, Advocate.last_name, Advocate.state)
    facts = (Advocate.email_norm, Advocate.consents, refused.c.purposes, asked.c.asked_at)
    people = (
        select(*columns, *facts)
        .outerjoin(refused, refused.c.advocate_id == Advocate.id)
        .outerjoin(asked, asked.c.advocate_id == Advocate.id)
        .where(Advocate.state.in_(IN_PROGRAM))
    )
    if isinstance(ids, Select):
        people = people.where(Advocate.id.in_(ids))
    elif ids is not None:
        people = people.where(Advocate.id == any_(literal([*ids], ARRAY(Uuid))))
    rows = session.execute(people.order_by(Advocate.name_sort, Advocate.id)).all()
    held = active_suppressions(session, [row.email_norm for row in rows])
    return [_candidate(row, held.get(row.email_norm, ())) for row in rows]


def request(session: Session, request_id: UUID) -> ConsentRequest:
    found = session.scalar(select(ConsentRequest).where(ConsentRequest.id == request_id))
    if found is None:
        raise NotFound("We couldn’t find this request.")
    return found


def open_requests(session: Session, advocate_id: UUID) -> Sequence[ConsentRequest]:
    mine = (ConsentRequest.advocate_id == advocate_id, ConsentRequest.answered_at.is_(None))
    return session.scalars(select(ConsentRequest).where(*mine).order_by(ConsentRequest.id)).all()


def request_counts(session: Session, purpose: ConsentPurpose) -> RequestCounts:
    recent = (ConsentRequest.purpose == purpose, ConsentRequest.sent_at > utc_now() - YEAR)
    yes, no = ConsentRequest.granted.is_(True), ConsentRequest.granted.is_(False)
    counted = select(func.count(), func.count().filter(yes), func.count().filter(no)).where(*recent)
    return RequestCounts(*session.execute(counted).one())


def email_of(session: Session, request: ConsentRequest) -> Email | None:
    mine = Email.occasion == further_purpose_key(request.id)
    return session.scalar(select(Email).where(mine, Email.advocate_id == request.advocate_id))


def _refused() -> Subquery:
    """Withdrawn in the record, or answered with no: purposes by person."""
    withdrawn = select(ConsentEntry.advocate_id, cast(ConsentEntry.purpose, Text).label("purpose"))
    declined = select(ConsentRequest.advocate_id, cast(ConsentRequest.purpose, Text))
    both = union(
        withdrawn.where(ConsentEntry.granted.is_(False)), declined.where(ConsentRequest.granted.is_(False))
    ).subquery()
    purposes = func.array_agg(both.c.purpose).label("purposes")
    return select(both.c.advocate_id, purposes).group_by(both.c.advocate_id).subquery("refused")


def _asked() -> Subquery:
    newest = select(ConsentRequest.advocate_id, func.max(ConsentRequest.sent_at).label("asked_at"))
    recent = newest.where(ConsentRequest.sent_at > utc_now() - YEAR)
    return recent.group_by(ConsentRequest.advocate_id).subquery("asked")


def _candidate(row: Any, suppressions: Any) -> ConsentCandidate:
    return ConsentCandidate(
        id=row.id,
        email=row.email,
        name=" ".join(f"{row.first_name} {row.last_name}".split()),
        state=row.state,
        consents=row.consents,
        refused=row.purposes or (),
        asked_at=row.asked_at,
        suppressions=suppressions,
    )
