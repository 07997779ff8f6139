"""Which merge fields each kind of letter knows. A new kind joins `OWN` here and gets a default text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from portal.outreach.kinds import LetterKind as K
from portal.outreach.templates.catalogue import answers, asks, joining, meetings, members, requests, times
from portal.outreach.templates.catalogue.common import COMMON, OWN_LETTER
from portal.outreach.templates.fields import Field


@dataclass(frozen=True)
class Knows:
    """`needs`: links without which the letter would lead nowhere."""

    fields: tuple[Field, ...] = ()
    needs: tuple[str, ...] = ()


OWN: Mapping[K, Knows] = {
    K.SIGN_IN: Knows(members.SIGN_IN, needs=("sign_in_link",)),
    K.NEW_LINK: Knows(members.NEW_LINK, needs=("page_link",)),
    K.MEMBER_INVITATION: Knows(members.INVITATION, needs=("member_link",)),
    K.JOIN_CONFIRMATION: Knows(joining.CONFIRMATION, needs=("join_link",)),
    K.ADDRESS_CONFIRMATION: Knows(joining.ADDRESS_CONFIRMATION, needs=("address_link",)),
    K.ADDRESS_CHANGED: Knows(joining.ADDRESS_CHANGED),
    K.ENROLL_INVITATION: Knows(joining.INVITATION, needs=("invite_link",)),
    K.WELCOME: Knows(joining.WELCOME),
    K.PENDING_REVIEW: Knows(joining.PENDING_REVIEW, needs=("person_link",)),
    K.ASK: Knows(asks.ASK, needs=("answer_link",)),
    K.ASK_REMINDER: Knows(asks.ASK, needs=("answer_link",)),
    K.ASK_RECEIPT: Knows(answers.RECEIPT),
    K.ASK_WITHDRAWN: Knows(answers.WITHDRAWN),
    K.REQUEST_SUBMITTED: Knows(requests.SUBMITTED, needs=("request_link",)),
    K.REQUEST_UPDATE: Knows(requests.UPDATE, needs=("request_link",)),
    K.SLOTS_FOR_PROSPECT: Knows(times.SLOTS, needs=("slot_link",)),
    K.NEW_TIMES: Knows(times.NEW_TIMES, needs=("times_link",)),
    K.MEETING_CONFIRMED: Knows(meetings.CONFIRMED),
    K.MEETING_REMINDER: Knows(meetings.REMINDER),
    K.MEETING_CANCELLED: Knows(meetings.CANCELLED),
    K.AFTER_CALL_QUESTION: Knows(meetings.AFTER_CALL, needs=("after_call_link",)),
    K.THANKS_OUTCOME: Knows(answers.THANKS_OUTCOME),
    K.OWN: Knows(OWN_LETTER),
}


@cache
def fields_of(kind: K) -> Mapping[str, Field]:
    """Its own first; a letter may know better than the common ones who signs it."""
    own = {field.name: field for field in OWN[kind].fields}
    return own | {field.name: field for field in COMMON if field.name not in own}


def needs_of(kind: K) -> tuple[str, ...]:
    return OWN[kind].needs
