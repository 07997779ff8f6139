"""The same person in another workspace."""

from portal.signin import memberships, sessions
from portal.web.dispatch import SESSION_COOKIE
from tenants.database import system_session
from tenants.models import Membership, Role
from tests.client import Client, new_client
from tests.world import World


def also_in(world: World, person: Membership, *roles: Role, joined: bool = True) -> Membership:
    with world.session() as session:
        member = memberships.invite(session, person.email, person.name, roles or (Role.REP,))
        if joined:
            memberships.join(session, member)
    return member


def another_browser(world: World, person: Membership) -> Client:
    client = new_client(world.app, world.slug)
    with system_session() as session:
        token = sessions.begin(session, person.user_id)
    client.set_cookie(SESSION_COOKIE, token)
    return client
