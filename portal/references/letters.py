"""The letters of the desk: who is told what. Addresses never cross from one side to the other."""

from typing import TypedDict
from zlib import crc32

from sqlalchemy.orm import Session

from portal import regions
from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.links import Purpose
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Field, Link, Page, Recipient
from portal.outreach.sequences.actions import start
from portal.outreach.sequences.standards import ASKS, standard
from portal.references.models import Meeting, ReferenceRequest
from portal.safe_text import safe_company, safe_name
from portal.signin import members
from tenants.clock import utc_now
from tenants.models import Membership

Value = Field | list[Field] | list[str]


class _Said(TypedDict):
    """What a letter and its reminder both say."""

    fields: dict[str, Value]
    links: dict[str, Link | Page]
    purpose: str


def page_of(wanted: ReferenceRequest) -> Page:
    return Page(f"requests/{wanted.id}")


def to_advocate(advocate: Advocate, reply_to: str = "") -> Recipient:
    return Recipient(advocate.email, advocate.name, advocate_id=advocate.id, reply_to=reply_to)


def to_member(member: Membership) -> Recipient:
    return Recipient(member.email, member.name, user_id=member.user_id)


def introduced(advocate: Advocate) -> str:
    """Name, title and company: what the other side may know after a yes."""
    company = safe_company(advocate.account.name) if advocate.account else ""
    return ", ".join(filter(None, (safe_name(advocate.name), safe_name(advocate.title), company)))


managers = members.at_the_desk


def about(wanted: ReferenceRequest) -> dict[str, Value]:
    """What any letter may say about a request."""
    return {
        "number": wanted.number,
        "prospect": wanted.prospect,
        "kind": wanted.kind.value,
        "product": wanted.product,
        "industry": wanted.industry,
        "region": regions.named(wanted.region),
        "needed_by": wanted.needed_by,
        "use_case": wanted.use_case,
        "competitor": wanted.competitor,
        "questions": wanted.questions.splitlines(),
    }


def submitted(session: Session, wanted: ReferenceRequest, by: Membership) -> None:
    """To the desk: somebody needs a reference."""
    for manager in managers(session):
        if manager.id != by.id:
            write(
                session,
                LetterKind.REQUEST_SUBMITTED,
                to_member(manager),
                f"request:{wanted.id}:submitted",
                about=(wanted.__tablename__, wanted.id),
                fields=about(wanted) | {"rep": by.name},
                links={"request": page_of(wanted)},
            )


def update(
    session: Session, wanted: ReferenceRequest, to: Membership, news: str, occasion: str = "", **fields: Value
) -> None:
    """To the rep (or, for their words, to the desk): what changed, as a word the template knows."""
    write(
        session,
        LetterKind.REQUEST_UPDATE,
        to_member(to),
        f"request:{wanted.id}:{news}:{occasion}",
        about=(wanted.__tablename__, wanted.id),
        fields=about(wanted) | {"news": news} | fields,
        links={"request": page_of(wanted)},
    )


def undecided(session: Session, meeting: Meeting, news: str) -> None:
    """To the rep and the desk, once each: nobody can tell from the answers how the call went."""
    wanted = meeting.request
    for member in {one.id: one for one in (wanted.requester, *managers(session))}.values():
        update(
            session, wanted, member, news, f"{meeting.id}:{meeting.link_version}", starts_at=meeting.starts_at
        )


def logged(
    session: Session, wanted: ReferenceRequest, helper: Advocate, by: Membership, *, is_new: bool
) -> None:
    """To the desk: a rep arranged one alone, and with whom."""
    news = "logged_new" if is_new else "logged"
    for manager in managers(session):
        if manager.id != by.id:
            update(session, wanted, manager, news, who=by.name, helper=helper.name)


def asked(session: Session, wanted: ReferenceRequest, ask: Ask, by: Membership) -> None:
    """To the advocate: would you? The answer is a link away, without an account. Some days later once more."""
    to, served = to_advocate(ask.advocate, by.email), (ask.__tablename__, ask.id)
    said: _Said = {
        "fields": about(wanted)
        | {
            "minutes": ask.minutes,
            "due_on": ask.due_on,
            "from_name": by.name,
            "why_you": ask.why,
        },
        "links": {"answer": Link(Purpose.ANSWER, ask.id, ask.link_version)},
        "purpose": ask.kind.purpose.value,
    }
    write(session, LetterKind.ASK, to, f"ask:{ask.id}:sent", about=served, **said)
    start(session, standard(session, ASKS), to, about=served, anchor_at=ask.sent_at or utc_now(), **said)


def ask_withdrawn(session: Session, wanted: ReferenceRequest, ask: Ask) -> None:
    write(
        session,
        LetterKind.ASK_WITHDRAWN,
        to_advocate(ask.advocate),
        f"ask:{ask.id}:withdrawn",
        about=(ask.__tablename__, ask.id),
        fields=about(wanted) | {"answered": ask.answered_at is not None},
    )


def thanks(session: Session, wanted: ReferenceRequest, ask: Ask) -> None:
    """To the advocate: what the help led to; once more when the outcome or the rep's line is another."""
    line = f":{crc32(wanted.outcome_note.encode())}" if wanted.outcome_note else ""
    write(
        session,
        LetterKind.THANKS_OUTCOME,
        to_advocate(ask.advocate),
        f"ask:{ask.id}:thanks:{wanted.outcome}{line}",
        about=(ask.__tablename__, ask.id),
        fields=about(wanted)
        | {
            "outcome": wanted.outcome.value if wanted.outcome else "",
            "note": wanted.outcome_note,
            "from_name": wanted.requester.name,
        },
        links={"impact": Page("my/impact")},
        purpose=ask.kind.purpose.value,
    )
