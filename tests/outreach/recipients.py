"""People who agreed to emails, and emails they got."""

from typing import Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal import links, outbox
from portal.advocates import consent_chain, consent_verification, queries
from portal.advocates.models import Advocate, ConsentGiven, ConsentPurpose, ConsentSource, ConsentText
from portal.declarations.email_kinds import EmailClass
from portal.outreach.models import Email
from portal.outreach.suppressions import queries as suppression_queries
from portal.outreach.suppressions.blocking import ReasonAndPurpose
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email
from tests.world import World


def words_of(world: World) -> dict[ConsentPurpose, ConsentText]:
    with world.session() as session:
        return {each.purpose: each for each in session.scalars(select(ConsentText))}


def agree(world: World, advocate: Advocate, *purposes: ConsentPurpose) -> None:
    known = words_of(world)
    with world.session() as session:
        for purpose in purposes:
            consent_chain.give(
                session,
                queries.get(session, advocate.id),
                known[purpose],
                ConsentSource.OWN_PAGE,
                "203.0.113.7",
            )
        outbox.publish(session, ConsentGiven(advocate.id))


def reader(world: World, *purposes: ConsentPurpose, **facts: Any) -> Advocate:
    """Somebody enrolled whose ledger says what they agreed to."""
    ada = world.advocate(consents=[], **facts)
    agree(world, ada, *purposes)
    return ada


def email_to(
    world: World,
    advocate: Advocate | None,
    purpose: str = "",
    email_class: EmailClass = EmailClass.PROGRAM,
    **facts: Any,
) -> Email:
    """As it stands once it was sent."""
    address = facts.pop("to", "") or (advocate.email if advocate else "peter@initech.example")
    given = {"kind": "ask", "state": "accepted", "sent_at": utc_now()} | facts
    email = Email(
        email_class=email_class,
        occasion=str(uuid7()),
        recipient=address,
        recipient_norm=normalize_email(address),
        advocate_id=advocate.id if advocate else None,
        purpose=purpose,
        **given,
    )
    with world.session() as session:
        session.add(email)
    return email


def invitation_to(world: World, person: Advocate) -> Email:
    return email_to(world, person, email_class=EmailClass.INVITATION)


def unsubscribe_address(email: Email) -> str:
    return f"/unsubscribe/{links.token(links.LinkPurpose.UNSUBSCRIBE, email.tenant_id, email.id)}"


def preferences_address(advocate: Advocate, version: int = 1) -> str:
    return f"/u/{links.token(links.LinkPurpose.PREFERENCES, advocate.tenant_id, advocate.id, version)}"


def suppressions_of(world: World, address: str) -> set[ReasonAndPurpose]:
    """What holds emails to this address back."""
    with world.session() as session:
        return {
            (reason, purpose) for reason, purpose in suppression_queries.suppressions_of(session, address)
        }


def consent_history(world: World, advocate: Advocate) -> list[tuple[str, bool, str]]:
    """The ledger in short; it verifies."""
    with world.session() as session:
        lines = queries.consent_entries(session, advocate)
    entries, words = [entry for entry, _ in lines], {shown.id: shown for _, shown in lines}
    assert consent_verification.verify(entries, words), "the chain of the ledger is broken"
    return [(entry.purpose.value, entry.granted, entry.source.value) for entry in entries]
