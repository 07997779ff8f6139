"""What a suppression holds back."""

from collections.abc import Iterable

from portal.outreach.models import LetterClass
from portal.outreach.suppression.models import HARD, SAID, Reason

Held = tuple[Reason, str]  # why, and for which purpose; empty: for all


def holding(found: Iterable[Held], letter_class: LetterClass, purpose: str) -> Reason | None:
    """The reason that keeps such a letter from such an address; the hard ones, which nothing passes, come first."""
    reasons = {reason for reason, about in found if reason in HARD or _ended(letter_class, purpose, about)}
    return next((reason for reason in (*HARD, *SAID) if reason in reasons), None)


def _ended(letter_class: LetterClass, purpose: str, about: str) -> bool:
    """Who unsubscribed still gets what they ask for themselves."""
    return letter_class is not LetterClass.TRANSACTIONAL and about in ("", purpose)
