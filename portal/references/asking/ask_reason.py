"""Why this person: the sentence an advocate reads under the question."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks.translatable import TranslatableText, plain_text, translatable
from portal.references.models import ReferenceRequest
from portal.text import mid_sentence


def why_you(session: Session, request: ReferenceRequest, advocate: Advocate) -> str:
    """Explain the choice once, so that the email, the list and the answer page say the same."""
    field = session.scalar(select(Account.industry).where(Account.id == advocate.account_id)) or ""
    return plain_text((_buying_decision(request), _relevance(request, advocate, field)), " ")


def _buying_decision(request: ReferenceRequest) -> TranslatableText:
    if request.competitor:
        return translatable(
            "They’re choosing between %(product)s and %(competitor)s.",
            product=request.product,
            competitor=request.competitor,
        )
    return translatable("They’re considering %(product)s.", product=request.product)


def _relevance(request: ReferenceRequest, advocate: Advocate, field: str) -> TranslatableText:
    uses = request.product in advocate.products
    if request.use_case and request.use_case in advocate.use_cases:
        return translatable(
            "You use it for %(use_case)s, so your story would help.",
            use_case=mid_sentence(request.use_case),
        )
    if uses and field and field.casefold() == request.industry.casefold():
        return translatable("You use it in the same industry, so your story would help.")
    if uses:
        return translatable("You use it every day, so your story would help.")
    return translatable("You know us as a customer, so your view would help.")
