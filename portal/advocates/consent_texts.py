"""The texts a person agrees to. A workspace starts with these; a change is a new version, never an edit."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import ConsentPurpose, ConsentText
from tenants.database import tenant

DEFAULT_TEXTS = {
    ConsentPurpose.CALLS: (
        "Reference calls",
        "%(workspace)s may ask me to talk to companies that are thinking of buying its products.",
    ),
    ConsentPurpose.REVIEWS: (
        "Reviews",
        "%(workspace)s may ask me to review its products on public sites. I write what I think.",
    ),
    ConsentPurpose.EVENTS: (
        "Events and boards",
        "%(workspace)s may invite me to roundtables, talks and its advisory board.",
    ),
    ConsentPurpose.NAME: (
        "My name in writing",
        "%(workspace)s may name me and my company as a customer, once I approve each text.",
    ),
    ConsentPurpose.FEEDBACK: (
        "Surveys and research",
        "%(workspace)s may ask me what I think of its products and of working with it. My answers carry my name.",
    ),
    ConsentPurpose.REFERRALS: (
        "Recommendations",
        "%(workspace)s may ask me whom I would recommend it to. I decide whether I name somebody or tell them myself.",
    ),
    ConsentPurpose.NEWS: (
        "Program news",
        "%(workspace)s may send me news of this program by email, at most once a month.",
    ),
}


def add_default_texts(session: Session) -> None:
    name = tenant(session).name
    known = set(session.scalars(select(ConsentText.purpose)))
    for purpose, (title, text) in DEFAULT_TEXTS.items():
        if purpose not in known:
            session.add(ConsentText(purpose=purpose, version=1, title=title, text=text % {"workspace": name}))


def add_version(session: Session, purpose: ConsentPurpose, title: str, text: str) -> ConsentText:
    """Add a new text for a purpose; earlier consents keep the text they were given to."""
    latest = current_texts(session)[purpose]
    after = ConsentText(purpose=purpose, version=latest.version + 1, title=title, text=text)
    session.add(after)
    return after


def current_texts(session: Session) -> dict[ConsentPurpose, ConsentText]:
    latest = select(ConsentText).order_by(ConsentText.purpose, ConsentText.version)
    found = {text.purpose: text for text in session.scalars(latest)}
    return {purpose: found[purpose] for purpose in DEFAULT_TEXTS if purpose in found}
