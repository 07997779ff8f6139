"""The words a person agrees to. A workspace starts with these; a change is a new version, never an edit."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import ConsentWords, Purpose
from tenants.database import tenant

DEFAULTS = {
    Purpose.CALLS: (
        "Reference calls",
        "%(workspace)s may ask me to talk to companies that are thinking of buying its products.",
    ),
    Purpose.REVIEWS: (
        "Reviews",
        "%(workspace)s may ask me to review its products on public sites. I write what I think.",
    ),
    Purpose.EVENTS: (
        "Events and boards",
        "%(workspace)s may invite me to roundtables, talks and its advisory board.",
    ),
    Purpose.NAME: (
        "My name in writing",
        "%(workspace)s may name me and my company as a customer, once I approve each text.",
    ),
    Purpose.NEWS: (
        "News of the programme",
        "%(workspace)s may send me news of this programme by e-mail, at most once a month.",
    ),
}


def default_words(session: Session) -> None:
    """Give a workspace its first words. Safe to repeat."""
    name = tenant(session).name
    known = set(session.scalars(select(ConsentWords.purpose)))
    for purpose, (title, words) in DEFAULTS.items():
        if purpose not in known:
            session.add(
                ConsentWords(purpose=purpose, version=1, title=title, words=words % {"workspace": name})
            )


def follow(session: Session, purpose: Purpose, title: str, words: str) -> ConsentWords:
    """New words for a purpose from now on. What people agreed to before stays as it was."""
    latest = current_words(session)[purpose]
    after = ConsentWords(purpose=purpose, version=latest.version + 1, title=title, words=words)
    session.add(after)
    return after


def current_words(session: Session) -> dict[Purpose, ConsentWords]:
    """The words shown today, one for each purpose, in the order of the page."""
    latest = select(ConsentWords).order_by(ConsentWords.purpose, ConsentWords.version)
    found = {words.purpose: words for words in session.scalars(latest)}
    return {purpose: found[purpose] for purpose in DEFAULTS if purpose in found}
