"""What a manager can do with many people at once: invite them, pause them, ask them for a consent."""

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
from portal.custom_fields.models import FieldSubject
from portal.declarations.bulk_acts import BulkAct, BulkOptions, ListReader, Refusals, RowIds
from portal.declarations.email_kinds import EmailClass
from portal.directory.extra_filters import tag_choices
from portal.directory.segment_filter import list_choices
from portal.errors import NotFound
from portal.outreach.consent_requests import actions as consent_requests
from portal.outreach.consent_requests import queries as consent_queries
from portal.outreach.consent_requests.labels import LEFT_OUT_IN_LIST
from portal.outreach.suppressions.blocking import blocking_reason
from portal.outreach.suppressions.queries import active_suppressions
from portal.segments.audience import is_one_of
from portal.segments.models import SegmentPerson
from portal.segments.queries import lock_segment
from portal.segments.static_lists import add_people
from portal.tags import queries as tags
from portal.tags.models import BY_HAND, AdvocateTag
from portal.tags.tagging_actions import tag_many
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


class NotTagged(StrEnum):
    TAGGED = "tagged"


class NotAdded(StrEnum):
    ON_IT = "on_it"


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


def _not_tagged(session: Session, ids: RowIds, options: BulkOptions) -> Refusals:
    has_it = select(AdvocateTag.advocate_id).where(AdvocateTag.tag_id == UUID(options.choice))
    tagged = session.scalars(has_it.where(AdvocateTag.advocate_id.in_(ids)))
    return dict.fromkeys(tagged, NotTagged.TAGGED)


def _tag(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    """The tag inherits what they were found by, and that somebody picked them."""
    filled_by = [*sorted(options.origin.attributes), *([] if options.origin.is_known else [BY_HAND])]
    tag = tags.get(session, UUID(options.choice))
    tag_many(session, tag, AdvocateTag, ids, by=options.by, filled_by=filled_by)


def _tags(reader: ListReader) -> Mapping[str, Any]:
    return tag_choices(reader.session, FieldSubject.PERSON)


def _not_added(session: Session, ids: RowIds, options: BulkOptions) -> Refusals:
    on_it = select(SegmentPerson.advocate_id).where(SegmentPerson.segment_id == UUID(options.choice))
    return dict.fromkeys(session.scalars(on_it.where(SegmentPerson.advocate_id.in_(ids))), NotAdded.ON_IT)


def _add(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    """The list inherits what they were found by, and that somebody picked them."""
    add_people(session, UUID(options.choice), is_one_of(ids), options.origin, by=options.by)


def _purposes(_reader: ListReader) -> Mapping[str, Any]:
    return {purpose.value: words for purpose, words in PURPOSES.items()}


INVITE = BulkAct(
    name="invite",
    label=_l("Invite…"),
    title=lambda n: ngettext("Send %(num)d invitation?", "Send %(num)d invitations?", n),
    lede=_l("One email each. No one is invited more than twice, so pick a good moment."),
    submit=lambda n: ngettext("Send %(num)d invitation", "Send %(num)d invitations", n),
    done=lambda n: ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", n),
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
    title=lambda n: ngettext("Pause %(num)d person?", "Pause %(num)d people?", n),
    lede=_l("They aren’t asked for anything until the day you choose, or until they resume."),
    submit=lambda n: ngettext("Pause %(num)d person", "Pause %(num)d people", n),
    done=lambda n: ngettext("%(num)d person is paused.", "%(num)d people are paused.", n),
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
TAG = BulkAct(
    name="tag",
    label=_l("Tag…"),
    title=lambda n: ngettext("Tag %(num)d person?", "Tag %(num)d people?", n),
    lede=_l("They can be filtered by the tag from then on. Nobody is told."),
    submit=lambda n: ngettext("Tag %(num)d person", "Tag %(num)d people", n),
    done=lambda n: ngettext("%(num)d person is tagged.", "%(num)d people are tagged.", n),
    nobody=_l("All of these people have the tag already"),
    reasons={NotTagged.TAGGED: _l("Have the tag already")},
    refusals=_not_tagged,
    apply=_tag,
    choices=_tags,
    icon="tag",
)
ADD_TO_LIST = BulkAct(
    name="add-to-list",
    label=_l("Add to list…"),
    title=lambda n: ngettext("Add %(num)d person to this list?", "Add %(num)d people to this list?", n),
    lede=_l("They stay on it until somebody takes them off. Nobody is told."),
    submit=lambda n: ngettext("Add %(num)d person", "Add %(num)d people", n),
    done=lambda n: ngettext("%(num)d person is on the list.", "%(num)d people are on the list.", n),
    nobody=_l("All of these people are on the list already"),
    reasons={NotAdded.ON_IT: _l("On the list already")},
    refusals=_not_added,
    apply=_add,
    choices=list_choices,
    lock_first=lambda session, options: lock_segment(session, UUID(options.choice), options.by),
    icon="playlist-add",
)
ASK_FOR_CONSENT = BulkAct(
    name="ask-for-consent",
    label=_l("Ask for consent…"),
    title=lambda n: ngettext("Ask %(num)d person for consent?", "Ask %(num)d people for consent?", n),
    lede=_l("One email each. No one is asked for a further consent more than once a year."),
    submit=lambda n: ngettext("Ask %(num)d person", "Ask %(num)d people", n),
    done=lambda n: ngettext("%(num)d person is asked by email.", "%(num)d people are asked by email.", n),
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
