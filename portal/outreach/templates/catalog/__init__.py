"""Which merge fields each kind of email knows. A new kind joins FIELDS_BY_KIND here and gets a default text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from portal.outreach.email_kinds import EmailKind as K
from portal.outreach.templates.catalog import (
    answers,
    asks,
    joining,
    meeting_times,
    meetings,
    members,
    requests,
)
from portal.outreach.templates.catalog.common import COMMON_FIELDS, OWN_EMAIL_FIELDS
from portal.outreach.templates.merge_fields import MergeField


@dataclass(frozen=True)
class KindFields:
    """`required_links`: links without which the email would lead nowhere."""

    fields: tuple[MergeField, ...] = ()
    required_links: tuple[str, ...] = ()


FIELDS_BY_KIND: Mapping[K, KindFields] = {
    K.SIGN_IN: KindFields(members.SIGN_IN, required_links=("sign_in_link",)),
    K.NEW_LINK: KindFields(members.NEW_LINK, required_links=("page_link",)),
    K.MEMBER_INVITATION: KindFields(members.INVITATION, required_links=("member_link",)),
    K.JOIN_CONFIRMATION: KindFields(joining.CONFIRMATION_FIELDS, required_links=("join_link",)),
    K.ADDRESS_CONFIRMATION: KindFields(joining.ADDRESS_CONFIRMATION, required_links=("address_link",)),
    K.ADDRESS_CHANGED: KindFields(joining.ADDRESS_CHANGED),
    K.ENROLL_INVITATION: KindFields(joining.INVITATION_FIELDS, required_links=("invite_link",)),
    K.WELCOME: KindFields(joining.WELCOME),
    K.FURTHER_PURPOSE: KindFields(joining.FURTHER_PURPOSE, required_links=("consent_link",)),
    K.PENDING_REVIEW: KindFields(joining.PENDING_REVIEW, required_links=("person_link",)),
    K.ASK: KindFields(asks.ASK, required_links=("answer_link",)),
    K.ASK_REMINDER: KindFields(asks.ASK, required_links=("answer_link",)),
    K.ASK_RECEIPT: KindFields(answers.RECEIPT),
    K.ASK_WITHDRAWN: KindFields(answers.WITHDRAWN),
    K.REQUEST_SUBMITTED: KindFields(requests.SUBMITTED, required_links=("request_link",)),
    K.REQUEST_UPDATE: KindFields(requests.UPDATE, required_links=("request_link",)),
    K.SLOTS_FOR_PROSPECT: KindFields(meeting_times.SLOTS, required_links=("slot_link",)),
    K.NEW_TIMES: KindFields(meeting_times.NEW_TIMES, required_links=("times_link",)),
    K.MEETING_CONFIRMED: KindFields(meetings.CONFIRMED),
    K.MEETING_REMINDER: KindFields(meetings.REMINDER),
    K.MEETING_CANCELLED: KindFields(meetings.CANCELLED),
    K.AFTER_CALL_QUESTION: KindFields(meetings.AFTER_CALL, required_links=("after_call_link",)),
    K.THANKS_OUTCOME: KindFields(answers.THANKS_OUTCOME),
    K.OWN: KindFields(OWN_EMAIL_FIELDS),
}


@cache
def merge_fields_of(kind: K) -> Mapping[str, MergeField]:
    """Its own first; an email may know better than the common ones who signs it."""
    own = {field.name: field for field in FIELDS_BY_KIND[kind].fields}
    return own | {field.name: field for field in COMMON_FIELDS if field.name not in own}


def required_links_of(kind: K) -> tuple[str, ...]:
    return FIELDS_BY_KIND[kind].required_links
