"""What people of the desk's tests do, through HTTP as they would."""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.advocates.models import Advocate
from portal.references.models import ReferenceRequest
from portal.signin import sessions
from portal.web.dispatch import SESSION_COOKIE
from tenants.clock import utc_now
from tenants.database import system_session
from tenants.models import SignInSession
from tests.client import Client
from tests.mailbox import Mailbox, paths
from tests.world import World

PETER = "peter@initech.example"
REQUEST_FIELDS = {
    "prospect": "Initech",
    "kind": "call",
    "product": "Ledger Pro",
    "industry": "Industrials",
    "region": "NA",
    "references_needed": "1",
    "language": "en",
    "questions": "How long did your first close take?\nWould you buy it again?",
    "contact_name": "Peter Gibbons",
    "contact_email": PETER,
    "contact_time_zone": "America/Chicago",
}


def in_two_weeks() -> str:
    return (utc_now() + timedelta(days=14)).date().isoformat()


def filed(world: World, rep: Client, **given: Any) -> ReferenceRequest:
    """The request that this rep has just sent."""
    response = rep.post("/requests/new", REQUEST_FIELDS | {"needed_by": in_two_weeks()} | given)
    assert response.status_code == 303, response.text
    newest = select(ReferenceRequest).order_by(ReferenceRequest.id.desc()).limit(1)
    with world.session() as session:
        return session.scalars(newest).one()


def asked(manager: Client, request: ReferenceRequest, advocate: Advocate) -> None:
    response = manager.post(f"/requests/{request.id}/asks", {"advocate_id": advocate.id})
    assert response.status_code == 303, response.text


def says_yes(client: Client, mailbox: Mailbox, advocate: Advocate) -> list[str]:
    """By the link in the email, with the last three times the page offers."""
    page = paths(mailbox.last(advocate.email), "/a/")[0]
    times = re.findall(r'name="slot" value="([^"]+)"', client.get(page).text)[-3:]
    response = client.post(page, {"slot": times})
    assert response.status_code == 303, response.text
    return times


def picks(client: Client, mailbox: Mailbox, time: str) -> str:
    """The prospect takes this time; returns the page's address."""
    page = paths(mailbox.last(PETER), "/s/")[0]
    response = client.post(page, {"slot": time, "name": "Peter Gibbons", "zone": "America/Chicago"})
    assert response.status_code == 303, response.text
    return page


def says_after(client: Client, mailbox: Mailbox, who: str, said: str, rating: str = "5") -> str:
    page = paths(mailbox.last(who), "/after/")[0]
    assert client.get(page).status_code == 200
    response = client.post(page, {"outcome": said, "rating": rating, "text": "Candid"})
    assert response.status_code == 303, response.text
    return page


def signs_in_again(*clients: Client) -> None:
    """Twelve hours after the last act a browser of the staff is signed out."""
    for client in clients:
        token = f"browser-of-{client.member.id}-{utc_now()}"
        with system_session() as session:
            session.add(SignInSession(token_hash=sessions.hash_of(token), user_id=client.member.user_id))
        client.set_cookie(SESSION_COOKIE, token)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def until(text: str, **before: float) -> float:
    """Seconds from now to some time before this moment; negative `before` is after."""
    return (moment(text) - timedelta(**before) - utc_now()).total_seconds()
