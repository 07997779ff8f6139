"""Looks at a batch once more, under its locks: whatever changed since the draw, nobody is asked who must not be."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.advocates.ask_kinds import AskKind
from portal.advocates.asked_person import AskedPerson
from portal.advocates.models import Advocate, AdvocateState
from portal.asks.locked_people import LockedPeople
from portal.asks.refusals import BudgetFull, NotEligible
from portal.campaigns.models import LeftOut
from portal.campaigns.suppressed import suppression_reason
from portal.declarations.campaigns import CampaignPart
from portal.errors import Conflict, DomainError
from portal.id_arrays import is_one_of
from portal.outreach.suppressions.blocking import ReasonAndPurpose
from portal.text import is_one_line
from tenants.email_addresses import normalize_email

MAX_ADDRESS = 254  # signs
Suppressed = Mapping[str, Collection[ReasonAndPurpose]]


class LeftOutNow(Conflict):
    """By the campaign, before the ledger was asked."""

    def __init__(self, reason: LeftOut, advocate: AskedPerson) -> None:
        super().__init__("%(name)s isn’t asked. Nothing was sent.", name=advocate.name)
        self.reason = reason


def own_refusals(session: Session, part: CampaignPart, locked: LockedPeople) -> dict[UUID, DomainError]:
    kind, people = AskKind(part.kind), locked.people.values()
    lately = set(session.scalars(_asked_lately(session, part, locked.people)))
    found: dict[UUID, DomainError] = {}
    for person in people:
        if reason := next(_reasons(person, kind, locked.suppressed, lately), None):
            found[person.id] = LeftOutNow(reason, person)
    return found


def _asked_lately(session: Session, part: CampaignPart, ids: Collection[UUID]) -> Select[UUID]:
    return select(Advocate.id).where(Advocate.id == is_one_of(ids), part.asked_lately(session))


def _reasons(
    person: AskedPerson, kind: AskKind, suppressed: Suppressed, lately: Collection[UUID]
) -> Iterator[LeftOut]:
    """In the order of `LeftOut`, as in audience.py."""
    held = suppressed.get(normalize_email(person.email), ())
    suppressed_for = suppression_reason(held, kind.purpose)
    if person.state is not AdvocateState.ENROLLED:
        yield LeftOut.PAUSED
    if kind.purpose not in person.consents:
        yield LeftOut.CONSENT
    if kind.row.needs_willingness and kind not in person.accepted_ask_kinds:
        yield LeftOut.UNWILLING
    if suppressed_for:
        yield suppressed_for
    if not _has_address(person):
        yield LeftOut.UNREACHABLE
    if person.id in lately:
        yield LeftOut.LATELY


def _has_address(person: AskedPerson) -> bool:
    """As an email needs it (`Recipient` of portal/declarations/email_content.py)."""
    return "@" in person.email and len(person.email) <= MAX_ADDRESS and is_one_line(person.email)


def reason_of(refusal: DomainError | None) -> LeftOut:
    if isinstance(refusal, LeftOutNow):
        return refusal.reason
    if isinstance(refusal, BudgetFull):
        return LeftOut.BUDGET
    return LeftOut.COMPANY if isinstance(refusal, NotEligible) else LeftOut.REFUSED
