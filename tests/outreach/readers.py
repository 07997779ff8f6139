"""People who agreed to letters, and letters they got."""

from typing import Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal import links
from portal.advocates import consent_check, consents, queries
from portal.advocates.models import Advocate, ConsentWords, Purpose, Source
from portal.outreach.models import Letter, LetterClass
from portal.outreach.suppression.queries import of_address
from portal.outreach.suppression.rules import Held
from tenants.addresses import normal_email
from tenants.clock import utc_now


def words_of(world: Any) -> dict[Purpose, ConsentWords]:
    with world.session() as session:
        return {each.purpose: each for each in session.scalars(select(ConsentWords))}


def agree(world: Any, advocate: Advocate, *purposes: Purpose) -> None:
    known = words_of(world)
    with world.session() as session:
        for purpose in purposes:
            consents.give(
                session, queries.get(session, advocate.id), known[purpose], Source.OWN_PAGE, "203.0.113.7"
            )


def reader(world: Any, *purposes: Purpose, **facts: Any) -> Advocate:
    """Somebody enrolled whose ledger says what they agreed to."""
    ada = world.advocate(consents=[], **facts)
    agree(world, ada, *purposes)
    return ada


def letter_to(
    world: Any,
    advocate: Advocate | None,
    purpose: str = "",
    letter_class: LetterClass = LetterClass.PROGRAMME,
    **facts: Any,
) -> Letter:
    """As it stands once it was sent."""
    address = facts.pop("to", "") or (advocate.email if advocate else "peter@initech.example")
    given = {"kind": "ask", "state": "accepted", "sent_at": utc_now()} | facts
    letter = Letter(
        letter_class=letter_class,
        occasion=str(uuid7()),
        recipient=address,
        recipient_norm=normal_email(address),
        advocate_id=advocate.id if advocate else None,
        purpose=purpose,
        **given,
    )
    with world.session() as session:
        session.add(letter)
    return letter


def unsubscribe_address(letter: Letter) -> str:
    return f"/unsubscribe/{links.token(links.Purpose.UNSUBSCRIBE, letter.tenant_id, letter.id)}"


def preferences_address(advocate: Advocate, version: int = 1) -> str:
    return f"/u/{links.token(links.Purpose.PREFERENCES, advocate.tenant_id, advocate.id, version)}"


def held(world: Any, address: str) -> set[Held]:
    """What holds letters to this address back."""
    with world.session() as session:
        return {(reason.value, purpose) for reason, purpose in of_address(session, address)}


def said(world: Any, advocate: Advocate) -> list[tuple[str, bool, str]]:
    """The ledger in short; it verifies."""
    with world.session() as session:
        lines = queries.ledger(session, advocate)
    entries, words = [entry for entry, _ in lines], {shown.id: shown for _, shown in lines}
    assert consent_check.verify(entries, words), "the chain of the ledger is broken"
    return [(entry.purpose.value, entry.given, entry.source.value) for entry in entries]
