"""Words of the pages about emails' texts: what each email is for, and when it leaves."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.outreach.email_kinds import EmailKind as K

KIND_GROUPS: Sequence[tuple[Any, Sequence[K]]] = (
    (_l("Joining"), (K.ENROLL_INVITATION, K.JOIN_CONFIRMATION, K.WELCOME, K.FURTHER_PURPOSE)),
    (_l("Address changes"), (K.ADDRESS_CONFIRMATION, K.ADDRESS_CHANGED)),
    (_l("Asks"), (K.ASK, K.ASK_REMINDER, K.ASK_RECEIPT, K.ASK_WITHDRAWN, K.THANKS_OUTCOME)),
    (
        _l("Calls"),
        (
            K.SLOTS_FOR_PROSPECT,
            K.NEW_TIMES,
            K.MEETING_CONFIRMED,
            K.MEETING_REMINDER,
            K.MEETING_CANCELLED,
            K.AFTER_CALL_QUESTION,
        ),
    ),
    (_l("Team notifications"), (K.PENDING_REVIEW, K.REQUEST_SUBMITTED, K.REQUEST_UPDATE)),
    (_l("Signing in"), (K.SIGN_IN, K.MEMBER_INVITATION, K.NEW_LINK)),
)
SEND_TRIGGERS: Mapping[K, Any] = {
    K.SIGN_IN: _l("Sent when someone asks for a sign-in link."),
    K.NEW_LINK: _l("Sent when someone opens an expired link and asks for a new one."),
    K.MEMBER_INVITATION: _l("Sent when you invite a colleague."),
    K.JOIN_CONFIRMATION: _l(
        "Sent when someone fills in the join page, to confirm that the address is theirs."
    ),
    K.ADDRESS_CONFIRMATION: _l("Sent to the new address when you change someone’s email address."),
    K.ADDRESS_CHANGED: _l("Sent to the old address once the new one is confirmed."),
    K.ENROLL_INVITATION: _l("Sent when you invite a customer to the program."),
    K.WELCOME: _l("Sent when someone joins."),
    K.FURTHER_PURPOSE: _l(
        "Sent when you ask people in the program for another consent, at most once a year each."
    ),
    K.PENDING_REVIEW: _l("Sent to managers when someone from an unknown company joins and needs approval."),
    K.ASK: _l("Sent when you ask an advocate."),
    K.ASK_REMINDER: _l("Sent when an ask has gone unanswered for a few days."),
    K.ASK_RECEIPT: _l("Sent when an advocate answers an ask."),
    K.ASK_WITHDRAWN: _l("Sent when you withdraw an ask."),
    K.REQUEST_SUBMITTED: _l("Sent to managers when a rep submits a request."),
    K.REQUEST_UPDATE: _l("Sent to the rep when something happens on their request."),
    K.NEW_TIMES: _l("Sent to the advocate when none of the offered times works for the prospect."),
    K.SLOTS_FOR_PROSPECT: _l("Sent to the prospect when an advocate offers times."),
    K.MEETING_CONFIRMED: _l("Sent to both sides when a time is set, with a calendar file."),
    K.MEETING_REMINDER: _l("Sent to both sides a day and an hour before a call."),
    K.MEETING_CANCELLED: _l("Sent to both sides when a call is canceled or moved."),
    K.AFTER_CALL_QUESTION: _l("Sent to both sides after a call, to ask how it went."),
    K.THANKS_OUTCOME: _l("Sent to the advocate when the deal behind a call is decided."),
    K.OWN: _l("Sent when a step of one of your sequences is due."),
}
STAFF_KINDS = frozenset(
    {K.SIGN_IN, K.MEMBER_INVITATION, K.PENDING_REVIEW, K.REQUEST_SUBMITTED, K.REQUEST_UPDATE}
)
PART_LABELS = {
    "subject": _l("Subject"),
    "preheader": _l("Preview text"),
    "body": _l("Body"),
    "reason": _l("Reason for receiving it"),
}
