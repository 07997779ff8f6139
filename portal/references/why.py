"""Why this person: the sentence an advocate reads under the question."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks.sentences import Sentence, plain, sentence
from portal.references.models import ReferenceRequest


def why_you(session: Session, wanted: ReferenceRequest, advocate: Advocate) -> str:
    """To be kept with the ask, so that the letter, the list and the answer page say the same."""
    field = session.scalar(select(Account.industry).where(Account.id == advocate.account_id)) or ""
    return plain((_choice(wanted), _story(wanted, advocate, field)), " ")


def _choice(wanted: ReferenceRequest) -> Sentence:
    if wanted.competitor:
        return sentence(
            "They are choosing between %(product)s and %(competitor)s.",
            product=wanted.product,
            competitor=wanted.competitor,
        )
    return sentence("They are thinking of buying %(product)s.", product=wanted.product)


def _story(wanted: ReferenceRequest, advocate: Advocate, field: str) -> Sentence:
    uses = wanted.product in advocate.products
    if wanted.use_case and wanted.use_case in advocate.use_cases:
        return sentence(
            "You use it for %(use_case)s, so yours is the story that would help.",
            use_case=inside(wanted.use_case),
        )
    if uses and field and field.casefold() == wanted.industry.casefold():
        return sentence("You use it in the same field, so yours is the story that would help.")
    if uses:
        return sentence("You use it every day, so yours is the story that would help.")
    return sentence("You know us as a customer, so your view would help.")


def inside(words: str) -> str:
    """As it is written inside a sentence: “month-end close”, but “SOX reporting”."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
