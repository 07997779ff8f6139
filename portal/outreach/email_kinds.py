"""Every letter Goodword writes: what may hold it back, and what the reader agreed to."""

from dataclasses import dataclass
from enum import StrEnum

from portal.outreach.models import LetterClass


class LetterKind(StrEnum):
    """The value names the default text: templates/letters/<value>.md."""

    SIGN_IN = "sign_in"
    NEW_LINK = "new_link"
    MEMBER_INVITATION = "member_invitation"
    JOIN_CONFIRMATION = "join_confirmation"
    ADDRESS_CONFIRMATION = "address_confirmation"
    ADDRESS_CHANGED = "address_changed"
    ENROLL_INVITATION = "enroll_invitation"
    WELCOME = "welcome"
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
    """Transactional letters answer something the reader did, or belong to the reader's own work."""

    letter_class: LetterClass = LetterClass.TRANSACTIONAL
    purpose: str = ""  # the consent a programme letter stands on; empty: the writer names it
    is_shown_to_staff: bool = True


KIND_RULES = {
    LetterKind.SIGN_IN: EmailKindRule(is_shown_to_staff=False),
    LetterKind.ENROLL_INVITATION: EmailKindRule(LetterClass.INVITATION),
    LetterKind.ASK: EmailKindRule(LetterClass.PROGRAMME),
    LetterKind.ASK_REMINDER: EmailKindRule(LetterClass.PROGRAMME),
    LetterKind.OWN: EmailKindRule(LetterClass.PROGRAMME),
    LetterKind.THANKS_OUTCOME: EmailKindRule(LetterClass.PROGRAMME),
}
STAFF_HIDDEN_KINDS = tuple(kind.value for kind in LetterKind if not kind.rule.is_shown_to_staff)
TIME_SENSITIVE_KINDS = (  # about an hour, or with a link, that may be over when a letter leaves days later
    LetterKind.SIGN_IN,
    LetterKind.JOIN_CONFIRMATION,
    LetterKind.ADDRESS_CONFIRMATION,
    LetterKind.SLOTS_FOR_PROSPECT,
    LetterKind.NEW_TIMES,
    LetterKind.MEETING_CONFIRMED,
    LetterKind.MEETING_REMINDER,
    LetterKind.MEETING_CANCELLED,
    LetterKind.AFTER_CALL_QUESTION,
)
