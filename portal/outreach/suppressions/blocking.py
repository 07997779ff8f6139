"""Which emails a suppression holds back."""

from collections.abc import Iterable

from portal.declarations.email_kinds import EmailClass
from portal.outreach.suppressions.models import HARD_REASONS, OPT_OUT_REASONS, SuppressionReason

ReasonAndPurpose = tuple[SuppressionReason, str]  # why, and for which purpose; empty: for all


def blocking_reason(
    found: Iterable[ReasonAndPurpose], email_class: EmailClass, purpose: str
) -> SuppressionReason | None:
    """Return what keeps such an email from such an address; reasons that nothing passes come first."""
    reasons = {
        reason
        for reason, about in found
        if reason in HARD_REASONS or _is_opted_out(email_class, purpose, about)
    }
    return next((reason for reason in (*HARD_REASONS, *OPT_OUT_REASONS) if reason in reasons), None)


def _is_opted_out(email_class: EmailClass, purpose: str, about: str) -> bool:
    """Tell whether an opt-out applies; whoever unsubscribed still gets what they ask for themselves."""
    return email_class is not EmailClass.TRANSACTIONAL and about in ("", purpose)
