"""Words of the pages about emails' texts: what each email is for, and when it leaves."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.outreach.email_kinds import EmailKind as K

KIND_GROUPS: Sequence[tuple[Any, Sequence[K]]] = (
    (_l("Joining"), (K.ENROLL_INVITATION, K.JOIN_CONFIRMATION, K.WELCOME)),
    (_l("A new address"), (K.ADDRESS_CONFIRMATION, K.ADDRESS_CHANGED)),
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
    (_l("News for the team"), (K.PENDING_REVIEW, K.REQUEST_SUBMITTED, K.REQUEST_UPDATE)),
    (_l("Signing in"), (K.SIGN_IN, K.MEMBER_INVITATION, K.NEW_LINK)),
)
SEND_TRIGGERS: Mapping[K, Any] = {
    K.SIGN_IN: _l("Leaves when somebody asks for a link to sign in."),
    K.NEW_LINK: _l("Leaves when somebody opens a link that is too old and asks for a new one."),
    K.MEMBER_INVITATION: _l("Leaves when you invite a colleague."),
    K.JOIN_CONFIRMATION: _l(
        "Leaves when somebody fills in the join page, to make sure that the address is theirs."
    ),
    K.ADDRESS_CONFIRMATION: _l("Sent when you enter a new address for somebody; the new address gets it."),
    K.ADDRESS_CHANGED: _l("Sent when a new address was confirmed; the old address gets it."),
    K.ENROLL_INVITATION: _l("Leaves when you invite a customer to the program."),
    K.WELCOME: _l("Leaves when somebody has joined."),
    K.PENDING_REVIEW: _l("Leaves when somebody you do not know has joined and waits for a manager."),
    K.ASK: _l("Leaves when you ask an advocate."),
    K.ASK_REMINDER: _l("Leaves when an ask has had no answer for some days."),
    K.ASK_RECEIPT: _l("Leaves when an advocate has answered an ask."),
    K.ASK_WITHDRAWN: _l("Leaves when you take an ask back."),
    K.REQUEST_SUBMITTED: _l("Leaves when a rep files a request; the managers read it."),
    K.REQUEST_UPDATE: _l("Leaves when something happens to a request; its rep reads it."),
    K.NEW_TIMES: _l("Leaves when none of the offered times suits the prospect; the advocate reads it."),
    K.SLOTS_FOR_PROSPECT: _l("Leaves when an advocate has offered times; the prospect reads it."),
    K.MEETING_CONFIRMED: _l("Leaves when a time is agreed, with a calendar file; both sides read it."),
    K.MEETING_REMINDER: _l("Leaves a day and an hour before a call; both sides read it."),
    K.MEETING_CANCELLED: _l("Leaves when a call is called off or moved; both sides read it."),
    K.AFTER_CALL_QUESTION: _l("Leaves after a call, to ask both sides how it went."),
    K.THANKS_OUTCOME: _l("Leaves when the deal behind a call was decided; the advocate reads it."),
    K.OWN: _l("Leaves when a step of one of your sequences is due."),
}
STAFF_KINDS = frozenset(
    {K.SIGN_IN, K.MEMBER_INVITATION, K.PENDING_REVIEW, K.REQUEST_SUBMITTED, K.REQUEST_UPDATE}
)
PART_LABELS = {
    "subject": _l("Subject"),
    "preheader": _l("Beside the subject"),
    "body": _l("Email"),
    "reason": _l("Why they get it"),
}
