"""A letter to oneself, made from a text that is not saved: it really leaves, and its links lead to nothing."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.errors import Throttled
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Recipient
from portal.outreach.models import Letter
from portal.outreach.templates.actions import draft
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.samples import Signer, sample
from tenants.clock import utc_now
from tenants.database import tenant
from tenants.models import Membership

TESTS = "tests of letters"  # what such a letter is about: its writer, who is its reader
MOST_AN_HOUR = 20


def send_test(session: Session, kind: LetterKind, words: Words, prefix: str, *, to: Membership) -> bool:
    """`prefix` goes before the subject. The same words twice in a minute are one letter: False for the second.

    Raises Throttled.
    """
    occasion = f"test:{to.id}:{_print_of(words)}:"
    if _lately(session, to, timedelta(minutes=1), Letter.occasion.startswith(occasion)):
        return False
    _insist_on_few(session, to)
    text = draft(session, kind, replace(words, subject=f"{prefix} {words.subject}"), by=to)
    given = sample(kind, Signer(to.name or to.email, tenant(session).name))
    write(
        session,
        kind,
        Recipient(to.email, to.name, user_id=to.user_id),
        f"{occasion}{utc_now():%Y%m%d%H%M}",
        about=(TESTS, to.id),
        fields=given.fields,
        links=dict(given.links),
        text=text,
        to_oneself=True,
    )
    return True


def _print_of(words: Words) -> str:
    return sha256(repr(words).encode()).hexdigest()[:16]


def _insist_on_few(session: Session, to: Membership) -> None:
    if _lately(session, to, timedelta(hours=1)) >= MOST_AN_HOUR:
        raise Throttled(
            "You sent yourself %(most)d tests within an hour. Please wait a little.", most=MOST_AN_HOUR
        )


def _lately(session: Session, to: Membership, within: timedelta, *such: ColumnElement[bool]) -> int:
    mine = (Letter.about_kind == TESTS, Letter.about_id == to.id, Letter.created_at > utc_now() - within)
    return session.scalar(select(func.count()).where(*mine, *such)) or 0
