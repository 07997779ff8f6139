"""A workspace that uses a program: somebody asks, somebody is asked, and what both then find."""

import html
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import links
from portal.advocates.models import Advocate
from portal.asks import actions, queries
from portal.asks.labels import IN_WORDS
from portal.asks.models import Ask
from portal.asks.timeline_text import TimelineAsk
from portal.declarations import program_switches
from portal.declarations.asks import AskSummary
from portal.declarations.programs import Program
from portal.errors import DomainError
from tenants.models import MailboxEmail, Membership, Role
from tests.client import Client
from tests.contracts.program_case import ProgramCase
from tests.mailbox import Mailbox, paths
from tests.world import World


def text_of(page: TestResponse) -> str:
    """As a reader has it: an apostrophe is one."""
    return html.unescape(page.text)


@dataclass(frozen=True)
class ProgramWorld:
    case: ProgramCase
    world: World
    manager: Membership
    holder: Client  # of a link: nobody has signed in

    @classmethod
    def of(cls, case: ProgramCase, world: World, holder: Client) -> Self:
        made = cls(case, world, world.member(Role.MANAGER, name="Dana Okafor"), holder)
        made.switch(on=True)
        return made

    @property
    def program(self) -> Program:
        return self.case.program

    def switch(self, *, on: bool) -> None:
        admin = self.world.member(Role.ADMIN)
        with self.world.session() as session:
            program_switches.switch(session, self.program, on, by=admin)

    def as_manager(self) -> Client:
        """Signed in now, however far the clock has moved."""
        return self.world.signed_in(as_member=self.manager)

    # asking

    def ask(self, person: Advocate) -> Ask:
        self.case.ask(self.world, self.manager, person)
        return self.asks_of(person)[-1]

    def is_asked(self, person: Advocate) -> bool:
        """Somebody tries. However the program takes a refusal, the ledger says what came of it."""
        with suppress(DomainError):
            self.case.ask(self.world, self.manager, person)
        return any(ask.sent_at for ask in self.asks_of(person))

    def asks_of(self, person: Advocate) -> list[Ask]:
        """Of this program, the newest last."""
        mine = select(Ask).where(Ask.advocate_id == person.id, Ask.subject_type == self.program.subject_type)
        with self.world.session() as session:
            return list(session.scalars(mine.order_by(Ask.id)))

    def withdraw(self, ask: Ask) -> None:
        with self.world.session() as session:
            now, why = queries.get(session, ask.id), IN_WORDS
            actions.withdraw(session, now, why, "Not needed", by=self.manager)

    # the answer page

    def address(self, ask: Ask, version: int | None = None) -> str:
        token = links.token(links.LinkPurpose.ANSWER, self.world.id, ask.id, version or ask.link_version)
        return f"/a/{token}"

    def open(self, ask: Ask) -> TestResponse:
        return self.holder.get(self.address(ask), outside=True)

    def post(self, ask: Ask, path: str = "", fields: Mapping[str, object] | None = None) -> TestResponse:
        return self.holder.post(self.address(ask) + path, dict(fields or {}), outside=True)

    def say_yes(self, ask: Ask) -> TestResponse:
        return self.post(ask, fields=self.case.yes(self.world, ask))

    def say_no(self, ask: Ask) -> TestResponse:
        return self.post(ask, "/not-now", {"reason": "too_busy"})

    # what they find

    def summary(self, ask: Ask) -> AskSummary:
        """In the words of the program itself."""
        with self.world.session() as session:
            return self.program.summaries(session, [queries.get(session, ask.id)])[ask.id]

    def timeline_text(self, ask: Ask) -> str:
        """The same, for the team."""
        now, detail = self.world.reload(ask), self.program.timeline_detail
        own = {name for name in TimelineAsk.__dataclass_fields__ if hasattr(now, name)}
        read = TimelineAsk(**{name: getattr(now, name) for name in own})
        with self.world.session() as session:
            if detail is not None:
                more = session.scalar(select(detail).select_from(Ask).where(Ask.id == ask.id))
                read = replace(read, program_detail=more)
            return str(self.program.timeline_texts(session, [read])[ask.id])

    def emails(self, person: Advocate) -> list[MailboxEmail]:
        """Those that arrived."""
        return Mailbox(self.world).to(person.email)

    def links(self, person: Advocate) -> list[str]:
        """To answer pages, in those."""
        return [path for email in self.emails(person) for path in paths(email, "/a/")]
