"""A letter to oneself, made from a text that is not saved: it really leaves, and its links lead to nothing."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import Throttled
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Recipient
from portal.outreach.models import Letter
from portal.outreach.templates.actions import draft
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.samples import sample
from tenants.clock import utc_now
from tenants.models import Membership

TESTS = "tests of letters"  # what such a letter is about: its writer, who is its reader
MOST_AN_HOUR = 20


def send_test(session: Session, kind: LetterKind, words: Words, prefix: str, *, to: Membership) -> Letter:
    """`prefix` goes before the subject. The same words twice in a minute are one letter. Raises Throttled."""
    _insist_on_few(session, to)
    text = draft(session, kind, replace(words, subject=f"{prefix} {words.subject}"), by=to)
    given = sample(kind)
    return write(
        session,
        kind,
        Recipient(to.email, to.name, user_id=to.user_id),
        f"test:{to.id}:{_print_of(words)}:{utc_now():%Y%m%d%H%M}",
        about=(TESTS, to.id),
        fields=given.fields,
        links=dict(given.links),
        text=text,
        to_oneself=True,
    )


def _print_of(words: Words) -> str:
    return sha256(repr(words).encode()).hexdigest()[:16]


def _insist_on_few(session: Session, to: Membership) -> None:
    lately = Letter.created_at > utc_now() - timedelta(hours=1)
    mine = select(func.count()).where(Letter.about_kind == TESTS, Letter.about_id == to.id, lately)
    if (session.scalar(mine) or 0) >= MOST_AN_HOUR:
        raise Throttled(
            "You sent yourself %(most)d tests within an hour. Please wait a little.", most=MOST_AN_HOUR
        )
