"""A small world: one workspace. Ask for what matters; it fills in the rest."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Deal, Health
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.asks.models import AskKind
from portal.outreach import policies as limits
from portal.policies import PolicyValue
from portal.references.models import ReferenceRequest, RequestState
from portal.settings import Settings
from portal.signin import sessions
from portal.web.dispatch import SESSION_COOKIE, Portal
from portal.workspace.provisioning import add_defaults
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import enter_tenant, system_session, tenant_session
from tenants.email_addresses import normalize_email
from tenants.models import Membership, Role, SignInSession, Tenant, User
from tests.client import Client, new_client

Row = TypeVar("Row", bound=TenantOwned)
count = itertools.count(1)
AT_ANY_HOUR = {  # tests run at night and on Sundays, and write many emails to Ada; those of the limits set their own
    limits.SEND_FROM_HOUR: 0,
    limits.SEND_UNTIL_HOUR: 0,
    limits.WEEKDAYS_ONLY: 0,
    limits.EMAILS_PER_WEEK: 50,
    limits.EMAILS_PER_MONTH: 200,
}


class World:
    def __init__(self, app: Portal, tenant: Tenant) -> None:
        self.app, self.tenant_id, self.slug, self.name = app, tenant.id, tenant.slug, tenant.name

    @classmethod
    def build(cls, app: Portal, name: str) -> "World":
        with system_session() as session:
            tenant = Tenant(
                name=name, slug=f"{name.lower()}-{next(count)}", postal_address="Main Street 1, 10115 Berlin"
            )
            session.add(tenant)
            session.flush()
            enter_tenant(session, tenant.id)
            add_defaults(session)
            for policy, value in AT_ANY_HOUR.items():
                session.add(PolicyValue(name=policy.name, value=value))
        return cls(app, tenant)

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.config["SETTINGS"]
        return found

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A unit of work in this workspace, committed at its end."""
        with tenant_session(self.tenant_id) as session:
            yield session

    def reload(self, row: Row) -> Row:
        """The row as it stands in the database now."""
        with tenant_session(self.tenant_id, read_only=True) as session:
            return session.get_one(type(row), (row.tenant_id, row.id))

    def set_outreach_policies(self, **numbers: int) -> None:
        """world.allows(emails_per_week=2, send_from_hour=8): the workspace's own numbers of outreach."""
        with self.session() as session:
            for name, value in numbers.items():
                row = session.scalar(select(PolicyValue).where(PolicyValue.name == f"outreach.{name}"))
                session.add(row := row or PolicyValue(name=f"outreach.{name}"))
                row.value = value

    def user(self, email: str, name: str = "") -> User:
        """Of the whole installation, so another test's workspace may know them already."""
        with system_session() as session:
            return _user(session, email, name)

    def member(self, *roles: Role, email: str = "", name: str = "") -> Membership:
        with system_session() as session:
            return self._member(session, roles, email, name)

    def _member(self, session: Session, roles: Sequence[Role], email: str, name: str) -> Membership:
        number = next(count)
        email = email or f"{roles[0]}{number}@{self.slug}.example"
        name = name or f"{roles[0].title()} No{number}"
        user = _user(session, email, name)
        enter_tenant(session, self.tenant_id)
        session.add(
            member := Membership(
                user_id=user.id,
                email=email,
                email_norm=normalize_email(email),
                name=name,
                roles=list(roles),
                joined_at=utc_now(),
            )
        )
        session.flush()
        return member

    def signed_in(self, *roles: Role, as_member: Membership | None = None) -> Client:
        client = new_client(self.app, self.slug)
        with system_session() as session:
            client.member = as_member or self._member(session, roles, "", "")
            token = f"browser-of-{client.member.id}"
            hashed = sessions.hash_of(token)
            session.execute(delete(SignInSession).where(SignInSession.token_hash == hashed))
            session.add(SignInSession(token_hash=hashed, user_id=client.member.user_id))
        client.set_cookie(SESSION_COOKIE, token)
        return client

    def signed_in_advocate(self, **facts: Any) -> Client:
        member = self.member(Role.ADVOCATE)
        client = self.signed_in(as_member=member)
        own: dict[str, Any] = {"email": member.email, "membership_id": member.id}
        client.advocate = self.advocate(**own | facts)
        return client

    def account(self, name: str = "", **facts: Any) -> Account:
        return self._save(_account(name or f"Customer {next(count)}", **facts))

    def deal(self, prospect: str = "Initech", **facts: Any) -> Deal:
        given = {
            "name": f"{prospect} - Ledger Pro",
            "product": "Ledger Pro",
            "industry": "Industrials",
            "region": "NA",
        }
        given |= {"external_id": f"006{next(count):015}", "prospect": prospect} | facts
        return self._save(
            Deal(prospect_norm=prospect.casefold(), name_norm=given["name"].casefold(), **given)
        )

    def advocate(self, *, account: Account | None = None, **facts: Any) -> Advocate:
        """Enrolled, agreeing and willing to everything, unless the facts say otherwise."""
        (person,) = self.advocates(1, account=account, **facts)
        return person

    def advocates(self, many: int, *, account: Account | None = None, **facts: Any) -> list[Advocate]:
        """So many like that in one transaction, each of another company unless one is given."""
        with self.session() as session:
            made = []
            for _ in range(many):
                if (theirs := account) is None and "account_id" not in facts:
                    session.add(theirs := _account(f"Customer {next(count)}"))
                    session.flush()
                made.append(_advocate(theirs, facts))
            session.add_all(made)
        return made

    def request(self, *, requester: Membership | None = None, **facts: Any) -> ReferenceRequest:
        """A call about Ledger Pro for an industrial prospect, submitted now."""
        given: dict[str, Any] = {
            "number": next(count),
            "requester_id": (requester or self.member(Role.REP)).id,
            "state": RequestState.SUBMITTED,
            "submitted_at": utc_now(),
            "prospect": "Initech",
            "kind": AskKind.CALL,
            "needed_by": (utc_now() + timedelta(days=14)).date(),
            "product": "Ledger Pro",
            "industry": "Industrials",
            "region": "NA",
            "contact_name": "Peter Gibbons",
            "contact_email": "peter@initech.example",
            "contact_time_zone": "America/Chicago",
        } | facts
        return self._save(ReferenceRequest(prospect_norm=given["prospect"].casefold(), **given))

    def _save(self, row: Row) -> Row:
        with self.session() as session:
            session.add(row)
        return row

    @property
    def id(self) -> UUID:
        return self.tenant_id


def again(session: Session, row: Row) -> Row:
    """The same row, read in another unit of work."""
    return session.get_one(type(row), (row.tenant_id, row.id))


def _user(session: Session, email: str, name: str) -> User:
    known = session.scalar(select(User).where(User.email_norm == normalize_email(email)))
    session.add(user := known or User(email=email, email_norm=normalize_email(email), name=name))
    session.flush()
    return user


def _account(name: str, **facts: Any) -> Account:
    given = {"industry": "Industrials", "region": "NA", "employees": 5000, "health": Health.GREEN} | facts
    return Account(name=name, name_norm=name.casefold(), **given)


def _advocate(account: Account | None, facts: dict[str, Any]) -> Advocate:
    number = next(count)
    now = utc_now()
    given: dict[str, Any] = {
        "email": f"ada{number}@customer{number}.example",
        "first_name": "Ada",
        "last_name": f"Lindqvist{number}",
        "title": "VP IT",
        "seniority": "vp",
        "persona": "it",
        "state": AdvocateState.ENROLLED,
        "enrolled_at": now - timedelta(days=100),
        "products": ["Ledger Pro"],
        "languages": ["en"],
        "time_zone": "Europe/Stockholm",
        "consents": [purpose.value for purpose in ConsentPurpose],
        "accepted_ask_kinds": [kind.value for kind in AskKind],
    }
    if account is not None:
        given["account_id"] = account.id
    given |= facts
    given.setdefault("email_norm", normalize_email(given["email"]))
    given.setdefault("name_sort", f"{given['last_name']} {given['first_name']}".casefold())
    return Advocate(**given)
