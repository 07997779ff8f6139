"""Somebody asks for a further consent, and the page behind the email."""

from collections.abc import Sequence

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import links
from portal.advocates import queries as advocates
from portal.advocates.consent_texts import add_version
from portal.advocates.models import Advocate, ConsentPurpose, ConsentText
from portal.links import LinkPurpose
from portal.outreach.consent_requests import actions, queries
from portal.outreach.consent_requests.models import ConsentRequest
from portal.outreach.models import Email
from tenants.models import Membership
from tests.client import Client
from tests.outreach.recipients import words_of
from tests.world import World

FEEDBACK, EVENTS = ConsentPurpose.FEEDBACK, ConsentPurpose.EVENTS
CONSENTS = "/advocates/consents"


def asks(
    world: World, person: Advocate, by: Membership, purpose: ConsentPurpose = FEEDBACK
) -> ConsentRequest:
    with world.session() as session:
        actions.ask(session, person.id, purpose, by=by)
    return requests(world)[-1]


def asks_everybody(client: Client, world: World, purpose: ConsentPurpose = FEEDBACK) -> TestResponse:
    return client.post(f"{CONSENTS}/{purpose}", {"text_id": words_of(world)[purpose].id})


def requests(world: World) -> Sequence[ConsentRequest]:
    with world.session() as session:
        return session.scalars(select(ConsentRequest).order_by(ConsentRequest.id)).all()


def emails(world: World, kind: str = "further_purpose") -> Sequence[Email]:
    with world.session() as session:
        return session.scalars(select(Email).where(Email.kind == kind).order_by(Email.id)).all()


def reasons(world: World, purpose: ConsentPurpose = FEEDBACK) -> dict[str, str]:
    """Whom we may not ask, by first name, and why."""
    with world.session() as session:
        people = [one for one in queries.candidates(session) if not one.has_agreed_to(purpose)]
    found = {one.name.partition(" ")[0]: one.left_out_reason(purpose) for one in people}
    return {name: reason.value if reason else "" for name, reason in found.items()}


def link_of(request: ConsentRequest, version: int | None = None) -> str:
    token = links.token(
        LinkPurpose.FURTHER_PURPOSE, request.tenant_id, request.id, version or request.link_version
    )
    return f"/further-consent/{token}"


def says_yes(
    client: Client, world: World, request: ConsentRequest, text: ConsentText | None = None
) -> TestResponse:
    text = text or words_of(world)[request.purpose]
    return client.post(link_of(request), {"text_id": text.id}, outside=True)


def new_words(world: World, purpose: ConsentPurpose = FEEDBACK) -> ConsentText:
    with world.session() as session:
        return add_version(session, purpose, "Surveys", "You may ask me three questions a year.")


def person_now(world: World, person: Advocate) -> Advocate:
    with world.session() as session:
        return advocates.get(session, person.id)
