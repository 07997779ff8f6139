"""What a suppression holds back."""

from collections.abc import Iterable

from portal.outreach.models import LetterClass
from portal.outreach.suppressions.models import HARD_REASONS, OPT_OUT_REASONS, SuppressionReason

ReasonAndPurpose = tuple[SuppressionReason, str]  # why, and for which purpose; empty: for all


def blocking_reason(
    found: Iterable[ReasonAndPurpose], letter_class: LetterClass, purpose: str
) -> SuppressionReason | None:
    """The reason that keeps such a letter from such an address; the hard ones, which nothing passes, come first."""
    reasons = {
        reason
        for reason, about in found
        if reason in HARD_REASONS or _is_opted_out(letter_class, purpose, about)
    }
    return next((reason for reason in (*HARD_REASONS, *OPT_OUT_REASONS) if reason in reasons), None)


def _is_opted_out(letter_class: LetterClass, purpose: str, about: str) -> bool:
    """Who unsubscribed still gets what they ask for themselves."""
    return letter_class is not LetterClass.TRANSACTIONAL and about in ("", purpose)
