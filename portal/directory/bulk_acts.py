"""What a manager can do with many people at once: invite them, pause them, ask them for a consent.

Tags and lists: `bulk_tagging.py`, `bulk_adding.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.advocates import actions, queries
from portal.advocates.actions import INVITATION_INTERVAL, MAX_INVITATIONS
from portal.advocates.consent_texts import current_texts
from portal.advocates.emails import ENROLL_INVITATION
from portal.advocates.labels import PURPOSES
from portal.advocates.models import LIFECYCLE, Advocate, AdvocateMove, AdvocateState, ConsentPurpose
from portal.declarations.bulk_acts import BulkAct, BulkOptions, ListReader, Refusals, RowIds
from portal.declarations.email_kinds import EmailClass
from portal.errors import NotFound
from portal.outreach.consent_requests import actions as consent_requests
from portal.outreach.consent_requests import queries as consent_queries
from portal.outreach.consent_requests.labels import LEFT_OUT_IN_LIST
from portal.outreach.suppressions.blocking import blocking_reason
from portal.outreach.suppressions.queries import active_suppressions
from portal.web.filters import number
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email


class NotInvited(StrEnum):
    STATE = "state"  # in already, said no, or left
    TWICE = "twice"
    LATELY = "lately"
    UNREACHABLE = "unreachable"


class NotPaused(StrEnum):
    PAUSED = "paused"
    STATE = "state"  # not in the program


class NotAsked(StrEnum):
    """Beside the reasons of consent requests."""

    STATE = "state"
    AGREED = "agreed"


def _rows(
    session: Session, ids: RowIds, *columns: InstrumentedAttribute[Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    return session.execute(select(Advocate.id, *columns).where(Advocate.id.in_(ids))).all()


def _not_invited(session: Session, ids: RowIds, _options: BulkOptions) -> Refusals:
    facts = (Advocate.state, Advocate.invitation_count, Advocate.invited_at, Advocate.email)
    rows = _rows(session, ids, *facts)
    reasons = {row.id: _invitation_refusal(row) for row in rows}
    free = {row.id: normalize_email(row.email) for row in rows if not reasons[row.id]}
    held = active_suppressions(session, free.values())
    reasons |= {
        row_id: NotInvited.UNREACHABLE
        for row_id, address in free.items()
        if blocking_reason(held.get(address, ()), EmailClass.INVITATION, ENROLL_INVITATION.purpose)
    }
    return {row_id: reason for row_id, reason in reasons.items() if reason}


def _invitation_refusal(person: Any) -> NotInvited | None:
    """As `actions.check_can_invite` refuses it."""
    if AdvocateMove.INVITE not in LIFECYCLE.moves_from(person.state):
        return NotInvited.STATE
    if person.invitation_count >= MAX_INVITATIONS:
        return NotInvited.TWICE
    lately = person.invited_at and person.invited_at > utc_now() - INVITATION_INTERVAL
    return NotInvited.LATELY if lately else None


def _invite(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    for person in queries.by_ids(session, ids):
        actions.invite(session, person, by=options.by)


def _not_paused(session: Session, ids: RowIds, _options: BulkOptions) -> Refusals:
    rows = _rows(session, ids, Advocate.state)
    return {row.id: _pause_refusal(row.state) for row in rows if row.state is not AdvocateState.ENROLLED}


def _pause_refusal(state: AdvocateState) -> NotPaused:
    return NotPaused.PAUSED if state is AdvocateState.PAUSED else NotPaused.STATE


def _pause(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    for person in queries.by_ids(session, ids):
        actions.pause(session, person, options.until, reason=options.reason, by=options.by)


def _not_asked(session: Session, ids: RowIds, options: BulkOptions) -> Refusals:
    purpose = ConsentPurpose(options.choice)
    if purpose not in current_texts(session):
        raise NotFound("We couldn’t find this consent.")
    members = {one.id: one for one in consent_queries.candidates(session, ids)}
    every = {row.id for row in _rows(session, ids)}
    refused: dict[UUID, str] = dict.fromkeys(every - members.keys(), NotAsked.STATE)
    for row_id, one in members.items():
        reason = NotAsked.AGREED if one.has_agreed_to(purpose) else one.left_out_reason(purpose)
        refused |= {row_id: reason} if reason else {}
    return refused


def _ask(session: Session, ids: Collection[UUID], options: BulkOptions) -> None:
    text = current_texts(session)[ConsentPurpose(options.choice)]
    consent_requests.ask_people(session, text, ids, options.by, bulk=True)


def _purposes(_reader: ListReader) -> Mapping[str, Any]:
    return {purpose.value: words for purpose, words in PURPOSES.items()}


INVITE = BulkAct(
    name="invite",
    label=_l("Invite…"),
    title=lambda n: ngettext("Send %(n)s invitation?", "Send %(n)s invitations?", n, n=number(n)),
    lede=_l("One email each. No one is invited more than twice, so pick a good moment."),
    submit=lambda n: ngettext("Send %(n)s invitation", "Send %(n)s invitations", n, n=number(n)),
    done=lambda n: ngettext(
        "%(n)s invitation is on its way.", "%(n)s invitations are on their way.", n, n=number(n)
    ),
    nobody=_l("None of these people can be invited right now"),
    reasons={
        NotInvited.LATELY: _l("Invited within the last week: please give them some time"),
        NotInvited.UNREACHABLE: _l("Their address gets no emails"),
        NotInvited.TWICE: _l("Invited twice already: we never invite anyone a third time"),
        NotInvited.STATE: _l("Joined already, said no or left"),
    },
    refusals=_not_invited,
    apply=_invite,
    icon="send",
)
PAUSE = BulkAct(
    name="pause",
    label=_l("Pause…"),
    title=lambda n: ngettext("Pause %(n)s person?", "Pause %(n)s people?", n, n=number(n)),
    lede=_l("They aren’t asked for anything until the day you choose, or until they resume."),
    submit=lambda n: ngettext("Pause %(n)s person", "Pause %(n)s people", n, n=number(n)),
    done=lambda n: ngettext("%(n)s person is paused.", "%(n)s people are paused.", n, n=number(n)),
    nobody=_l("None of these people can be paused"),
    reasons={
        NotPaused.PAUSED: _l("Paused already"),
        NotPaused.STATE: _l("Not in the program"),
    },
    refusals=_not_paused,
    apply=_pause,
    has_pause_fields=True,
    icon="player-pause",
)
ASK_FOR_CONSENT = BulkAct(
    name="ask-for-consent",
    label=_l("Ask for consent…"),
    title=lambda n: ngettext(
        "Ask %(n)s person for consent?", "Ask %(n)s people for consent?", n, n=number(n)
    ),
    lede=_l("One email each. No one is asked for a further consent more than once a year."),
    submit=lambda n: ngettext("Ask %(n)s person", "Ask %(n)s people", n, n=number(n)),
    done=lambda n: ngettext(
        "%(n)s person is asked by email.", "%(n)s people are asked by email.", n, n=number(n)
    ),
    nobody=_l("None of these people can be asked for that now"),
    reasons={
        NotAsked.AGREED: _l("Agreed to it already"),
        **LEFT_OUT_IN_LIST,
        NotAsked.STATE: _l("Not in the program"),
    },
    refusals=_not_asked,
    apply=_ask,
    choices=_purposes,
    icon="mail",
)
