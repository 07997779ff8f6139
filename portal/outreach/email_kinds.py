"""Every email Goodword writes: what may hold it back, and what the reader agreed to."""

from dataclasses import dataclass
from enum import StrEnum

from portal.outreach.models import EmailClass


class EmailKind(StrEnum):
    """The value names the default text: templates/emails/<value>.md."""

    SIGN_IN = "sign_in"
    NEW_LINK = "new_link"
    MEMBER_INVITATION = "member_invitation"
    JOIN_CONFIRMATION = "join_confirmation"
    ADDRESS_CONFIRMATION = "address_confirmation"
    ADDRESS_CHANGED = "address_changed"
    ENROLL_INVITATION = "enroll_invitation"
    WELCOME = "welcome"
    FURTHER_PURPOSE = "further_purpose"
    PENDING_REVIEW = "pending_review"
    ASK = "ask"
    ASK_REMINDER = "ask_reminder"
    ASK_RECEIPT = "ask_receipt"
    ASK_WITHDRAWN = "ask_withdrawn"
    REQUEST_SUBMITTED = "request_submitted"
    REQUEST_UPDATE = "request_update"
    SLOTS_FOR_PROSPECT = "slots_for_prospect"
    NEW_TIMES = "new_times"
    MEETING_CONFIRMED = "meeting_confirmed"
    MEETING_REMINDER = "meeting_reminder"
    MEETING_CANCELLED = "meeting_cancelled"
    AFTER_CALL_QUESTION = "after_call_question"
    THANKS_OUTCOME = "thanks_outcome"
    OWN = "own"  # the workspace's own words, sent by a sequence

    @property
    def rule(self) -> "EmailKindRule":
        return KIND_RULES.get(self, EmailKindRule())


@dataclass(frozen=True)
class EmailKindRule:
    """Transactional emails answer something the reader did, or belong to the reader's own work."""

    email_class: EmailClass = EmailClass.TRANSACTIONAL
    purpose: str = ""  # the consent a program email stands on; empty: the writer names it
    is_shown_to_staff: bool = True


KIND_RULES = {
    EmailKind.SIGN_IN: EmailKindRule(is_shown_to_staff=False),
    EmailKind.ENROLL_INVITATION: EmailKindRule(EmailClass.INVITATION),
    EmailKind.FURTHER_PURPOSE: EmailKindRule(EmailClass.PROGRAM),
    EmailKind.ASK: EmailKindRule(EmailClass.PROGRAM),
    EmailKind.ASK_REMINDER: EmailKindRule(EmailClass.PROGRAM),
    EmailKind.OWN: EmailKindRule(EmailClass.PROGRAM),
    EmailKind.THANKS_OUTCOME: EmailKindRule(EmailClass.PROGRAM),
}
STAFF_HIDDEN_KINDS = tuple(kind.value for kind in EmailKind if not kind.rule.is_shown_to_staff)
TIME_SENSITIVE_KINDS = (  # about an hour, or with a link, that may be over when an email leaves days later
    EmailKind.SIGN_IN,
    EmailKind.JOIN_CONFIRMATION,
    EmailKind.ADDRESS_CONFIRMATION,
    EmailKind.SLOTS_FOR_PROSPECT,
    EmailKind.NEW_TIMES,
    EmailKind.MEETING_CONFIRMED,
    EmailKind.MEETING_REMINDER,
    EmailKind.MEETING_CANCELLED,
    EmailKind.AFTER_CALL_QUESTION,
)
