"""Sequences of the tests: some steps, somebody on the way, and what was written."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.declarations.email_content import PageLink, Recipient
from portal.declarations.email_kinds import EmailKind
from portal.outreach.emails import NEW_LINK, OWN_EMAIL
from portal.outreach.models import Email
from portal.outreach.sequences.actions import start_run
from portal.outreach.sequences.models import EmailSequence, SequenceRun, SequenceState, SequenceStep
from portal.outreach.templates.actions import create_own_template
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.models import EmailTemplate
from tenants.clock import utc_now
from tenants.models import Role
from tests.world import World

WORDS = TemplateContent(
    subject="What is new", body="{{greeting}}\n\nWe have news.", reason="You get this because you agreed."
)

SAID: dict[str, Any] = {"fields": {"what": "your seat"}, "links": {"page": PageLink("my/asks")}}


def own_email(world: World, name: str = "", purpose: str = "news", **words: str) -> EmailTemplate:
    given = {"subject": WORDS.subject, "body": WORDS.body, "reason": WORDS.reason} | words
    writer = world.member(Role.REP)
    with world.session() as session:
        return create_own_template(
            session, name or f"News {uuid7()}", purpose, TemplateContent(**given), by=writer
        )


def a_sequence(
    world: World,
    *minutes: int,
    kind: EmailKind = NEW_LINK,
    state: SequenceState = SequenceState.RUNNING,
    program: str = "events",
    **facts: Any,
) -> EmailSequence:
    """Of emails that need nobody's consent, unless the kind says otherwise."""
    email = own_email(world, purpose=facts.get("purpose", "news")).id if kind is OWN_EMAIL else None
    with world.session() as session:
        session.add(made := EmailSequence(program=program, name=str(uuid7()), state=state, **facts))
        session.flush()
        for number, each in enumerate(minutes or (0,), 1):
            step = SequenceStep(sequence_id=made.id, number=number, minutes=each, kind=kind.name)
            step.template_id = email
            session.add(step)
    return made


def on_the_way(
    world: World,
    sequence: EmailSequence,
    email: str = "ada@x.example",
    about: UUID | None = None,
    **more: Any,
) -> SequenceRun:
    given = SAID | {"anchor_at": utc_now(), "about": ("meetings", about or uuid7())} | more
    to = given.pop("to", None) or Recipient(email, "Ada Lindqvist")
    with world.session() as session:
        return start_run(session, sequence, to, **given)


def emails(world: World, sequence: EmailSequence) -> Sequence[Email]:
    """Oldest first."""
    with world.session() as session:
        its = select(Email).where(Email.sequence_id == sequence.id).order_by(Email.id)
        return session.scalars(its).all()
