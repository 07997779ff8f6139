"""Who would be invited, and the first reason for everybody who would not: shown before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import policies
from portal.advocates.models import Advocate
from portal.campaigns import approval
from portal.campaigns.audience import audience_counts
from portal.campaigns.labels import LeftOutLine, left_out_lines
from portal.campaigns.policies import APPROVAL_ABOVE
from portal.events.campaign import CAMPAIGN
from portal.events.guest_models import EventGuest
from portal.events.invitations import whom
from portal.events.manage.invite_form import ADDRESSES, CAME, PAST_EVENT, InviteForm
from portal.events.manage.queries import HAS_COME, WAS_INVITED
from portal.events.models import Event
from portal.segments.audience import Audience, fingerprint_of, people_in
from tenants.email_addresses import normalize_email

MOST_NAMED = 20


@dataclass(frozen=True)
class InvitePreview:
    """`unknown`: addresses of nobody in the program; they are not written to."""

    audience: Audience
    invited: int  # by this wave
    fitting: int  # without the limit of the wave
    left_out: Sequence[LeftOutLine]
    guests_already: int
    unknown: Sequence[str]
    needs_approval: bool
    approval_above: int
    seen: str


def preview(session: Session, event: Event, form: InviteForm, audience: Audience) -> InvitePreview:
    chosen, unknown = chosen_people(session, form, audience)
    fits = people_in(session, chosen)
    counts = audience_counts(session, CAMPAIGN, whom(event.id, fits))
    everybody = audience_counts(session, CAMPAIGN, [fits])
    free = counts.get("", 0)
    invited = min(free, form.size.data or free)
    return InvitePreview(
        audience=chosen,
        invited=invited,
        fitting=free,
        left_out=left_out_lines(CAMPAIGN, counts),
        guests_already=sum(everybody.values()) - sum(counts.values()),
        unknown=unknown,
        needs_approval=approval.is_needed(session, invited),
        approval_above=policies.value(session, APPROVAL_ABOVE),
        seen=_seen(session, chosen, form),
    )


def chosen_people(session: Session, form: InviteForm, audience: Audience) -> tuple[Audience, list[str]]:
    if form.source.data == PAST_EVENT and form.past_event_id:
        return Audience.of_people(_guests_of(session, form.past_event_id, form.who.data)), []
    if form.source.data == ADDRESSES:
        found = people_by_address(session, form.listed_addresses)
        unknown = [one for one in form.listed_addresses if normalize_email(one) not in found]
        return Audience.of_people(found.values()), unknown
    return audience, []


def people_by_address(session: Session, addresses: Sequence[str]) -> dict[str, UUID]:
    norms = [normalize_email(one) for one in addresses]
    rows = select(Advocate.email_norm, Advocate.id).where(Advocate.email_norm.in_(norms))
    return dict(session.execute(rows).all())


def _guests_of(session: Session, event_id: UUID, which: str) -> list[UUID]:
    theirs = select(EventGuest.advocate_id).where(
        EventGuest.event_id == event_id, EventGuest.advocate_id.is_not(None)
    )
    theirs = theirs.where(HAS_COME if which == CAME else WAS_INVITED)
    return [one for one in session.scalars(theirs.order_by(EventGuest.id)) if one is not None]


def _seen(session: Session, chosen: Audience, form: InviteForm) -> str:
    """What the preview showed: others, or another number of them, are previewed again."""
    facts = [chosen.to_json(), fingerprint_of(session, chosen), form.size.data or 0]
    return sha256(dumps(facts, sort_keys=True).encode()).hexdigest()[:24]
