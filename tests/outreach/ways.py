"""Sequences of the tests: some steps, somebody on the way, and what was written."""

from collections.abc import Sequence as Row
from typing import Any
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Page, Recipient
from portal.outreach.models import Letter
from portal.outreach.sequences.actions import start
from portal.outreach.sequences.models import Run, Sequence, State, Step
from portal.outreach.templates.actions import create_own
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.models import Template
from tenants.clock import utc_now
from tests.world import World

WORDS = Words(
    subject="What is new", body="{{greeting}}\n\nWe have news.", why="You get this because you agreed."
)

SAID: dict[str, Any] = {"fields": {"what": "your seat"}, "links": {"page": Page("my/asks")}}


def own_letter(world: World, name: str = "", purpose: str = "news", **words: str) -> Template:
    given = {"subject": WORDS.subject, "body": WORDS.body, "why": WORDS.why} | words
    with world.session() as session:
        return create_own(session, name or f"News {uuid7()}", purpose, Words(**given), by=None)  # type: ignore[arg-type]


def a_sequence(
    world: World,
    *minutes: int,
    kind: LetterKind = LetterKind.NEW_LINK,
    state: State = State.RUNNING,
    programme: str = "events",
    **facts: Any,
) -> Sequence:
    """Of letters that need nobody's consent, unless the kind says otherwise."""
    letter = own_letter(world, purpose=facts.get("purpose", "news")).id if kind is LetterKind.OWN else None
    with world.session() as session:
        session.add(made := Sequence(programme=programme, name=str(uuid7()), state=state, **facts))
        session.flush()
        for number, each in enumerate(minutes or (0,), 1):
            step = Step(sequence_id=made.id, number=number, minutes=each, kind=kind.value)
            step.template_id = letter
            session.add(step)
    return made


def on_the_way(
    world: World, sequence: Sequence, email: str = "ada@x.example", about: UUID | None = None, **more: Any
) -> Run:
    given = SAID | {"anchor_at": utc_now(), "about": ("meetings", about or uuid7())} | more
    to = given.pop("to", None) or Recipient(email, "Ada Lindqvist")
    with world.session() as session:
        return start(session, sequence, to, **given)


def letters(world: World, sequence: Sequence) -> Row[Letter]:
    """Oldest first."""
    with world.session() as session:
        its = select(Letter).where(Letter.sequence_id == sequence.id).order_by(Letter.id)
        return session.scalars(its).all()
