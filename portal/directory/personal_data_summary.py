"""What is kept about one person, counted; and what would end if they left today."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, ConsentEntry
from portal.advocates.record_consents.models import RecordConsent
from portal.asks.models import Ask, AskState
from portal.custom_fields.models import FieldSubject
from portal.directory.extra_facts import extra_column, extra_facts
from portal.history import HistoryEntry
from portal.outreach.consent_requests.models import ConsentRequest
from portal.outreach.models import Email


@dataclass(frozen=True)
class OpenCommitments:
    asks: int
    talks: int


@dataclass(frozen=True)
class PersonalDataSummary:
    asks: int
    emails: int
    consents: int
    record_consents: int
    consent_requests: int
    history: int
    details: list[tuple[str, str]]  # tags and custom fields


def open_commitments(session: Session, advocate: Advocate) -> OpenCommitments:
    counted = select(
        func.count().filter(Ask.state == AskState.SENT), func.count().filter(Ask.state == AskState.ACCEPTED)
    ).where(Ask.advocate_id == advocate.id)
    return OpenCommitments(*session.execute(counted).one())


def personal_data_summary(session: Session, advocate: Advocate) -> PersonalDataSummary:
    mine = {
        "asks": select(func.count()).where(Ask.advocate_id == advocate.id),
        "emails": select(func.count()).where(Email.recipient_norm == advocate.email_norm),
        "consents": select(func.count()).where(ConsentEntry.advocate_id == advocate.id),
        "record_consents": select(func.count()).where(RecordConsent.advocate_id == advocate.id),
        "consent_requests": select(func.count()).where(ConsentRequest.advocate_id == advocate.id),
        "history": select(func.count()).where(
            HistoryEntry.subject_type == Advocate.__tablename__, HistoryEntry.subject_id == advocate.id
        ),
    }
    counts = [count.scalar_subquery().label(name) for name, count in mine.items()]
    extra = extra_column(FieldSubject.PERSON).label("details")
    one = select(*counts, extra).select_from(Advocate).where(Advocate.id == advocate.id)
    found = session.execute(one).one()._asdict()
    return PersonalDataSummary(**found | {"details": extra_facts(found["details"])})
