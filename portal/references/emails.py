"""The emails of the desk: who is told what. Addresses never cross from one side to the other."""

from typing import TypedDict
from zlib import crc32

from sqlalchemy.orm import Session

from portal import regions
from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.links import LinkPurpose
from portal.outreach.email_content import FieldValue, PageLink, Recipient, SignedLink
from portal.outreach.email_kinds import EmailKind
from portal.outreach.messages.compose import compose
from portal.outreach.sequences.actions import start_run
from portal.outreach.sequences.default_sequences import ASK_REMINDERS, ensure_default_sequence
from portal.references.models import Meeting, ReferenceRequest
from portal.safe_text import safe_company, safe_name
from portal.signin import memberships
from tenants.clock import utc_now
from tenants.models import Membership

EmailFieldValue = FieldValue | list[FieldValue] | list[str]


class _AskEmailContent(TypedDict):
    """What an email and its reminder both say."""

    fields: dict[str, EmailFieldValue]
    links: dict[str, SignedLink | PageLink]
    purpose: str


def request_page_link(request: ReferenceRequest) -> PageLink:
    return PageLink(f"requests/{request.id}")


def advocate_recipient(advocate: Advocate, reply_to: str = "") -> Recipient:
    return Recipient(advocate.email, advocate.name, advocate_id=advocate.id, reply_to=reply_to)


def member_recipient(member: Membership) -> Recipient:
    return Recipient(member.email, member.name, user_id=member.user_id)


def introduction(advocate: Advocate) -> str:
    """Name, title and company: what the other side may know after a yes."""
    company = safe_company(advocate.account.name) if advocate.account else ""
    return ", ".join(filter(None, (safe_name(advocate.name), safe_name(advocate.title), company)))


managers = memberships.managers_or_admins


def request_fields(request: ReferenceRequest) -> dict[str, EmailFieldValue]:
    """What any email may say about a request."""
    return {
        "number": request.number,
        "prospect": request.prospect,
        "kind": request.kind.value,
        "product": request.product,
        "industry": request.industry,
        "region": regions.region_name(request.region),
        "needed_by": request.needed_by,
        "use_case": request.use_case,
        "competitor": request.competitor,
        "questions": request.questions.splitlines(),
    }


def send_submitted(session: Session, request: ReferenceRequest, by: Membership) -> None:
    """To the desk: somebody needs a reference."""
    for manager in managers(session):
        if manager.id != by.id:
            compose(
                session,
                EmailKind.REQUEST_SUBMITTED,
                member_recipient(manager),
                f"request:{request.id}:submitted",
                about=(request.__tablename__, request.id),
                fields=request_fields(request) | {"rep": by.name},
                links={"request": request_page_link(request)},
            )


def send_request_update(
    session: Session,
    request: ReferenceRequest,
    to: Membership,
    change: str,
    occasion: str = "",
    **fields: EmailFieldValue,
) -> None:
    """To the rep (or, for their words, to the desk): what changed, as a word the template knows."""
    compose(
        session,
        EmailKind.REQUEST_UPDATE,
        member_recipient(to),
        f"request:{request.id}:{change}:{occasion}",
        about=(request.__tablename__, request.id),
        fields=request_fields(request) | {"news": change} | fields,
        links={"request": request_page_link(request)},
    )


def send_undecided(session: Session, meeting: Meeting, change: str) -> None:
    """To the rep and the desk, once each: nobody can tell from the answers how the call went."""
    request = meeting.request
    for member in {one.id: one for one in (request.requester, *managers(session))}.values():
        send_request_update(
            session,
            request,
            member,
            change,
            f"{meeting.id}:{meeting.link_version}",
            starts_at=meeting.starts_at,
        )


def send_logged(
    session: Session, request: ReferenceRequest, helper: Advocate, by: Membership, *, is_new: bool
) -> None:
    """To the desk: a rep arranged one alone, and with whom."""
    news = "logged_new" if is_new else "logged"
    for manager in managers(session):
        if manager.id != by.id:
            send_request_update(session, request, manager, news, who=by.name, helper=helper.name)


def send_ask(session: Session, request: ReferenceRequest, ask: Ask, by: Membership) -> None:
    """To the advocate: would you? The answer is a link away, without an account. Some days later once more."""
    to, served = advocate_recipient(ask.advocate, by.email), (ask.__tablename__, ask.id)
    said: _AskEmailContent = {
        "fields": request_fields(request)
        | {
            "minutes": ask.minutes,
            "due_on": ask.due_on,
            "from_name": by.name,
            "why_you": ask.why_you,
        },
        "links": {"answer": SignedLink(LinkPurpose.ANSWER, ask.id, ask.link_version)},
        "purpose": ask.kind.purpose.value,
    }
    compose(session, EmailKind.ASK, to, f"ask:{ask.id}:sent", about=served, **said)
    start_run(
        session,
        ensure_default_sequence(session, ASK_REMINDERS),
        to,
        about=served,
        anchor_at=ask.sent_at or utc_now(),
        **said,
    )


def send_ask_withdrawn(session: Session, request: ReferenceRequest, ask: Ask) -> None:
    compose(
        session,
        EmailKind.ASK_WITHDRAWN,
        advocate_recipient(ask.advocate),
        f"ask:{ask.id}:withdrawn",
        about=(ask.__tablename__, ask.id),
        fields=request_fields(request) | {"answered": ask.answered_at is not None},
    )


def send_thanks(session: Session, request: ReferenceRequest, ask: Ask) -> None:
    """To the advocate: what the help led to; once more when the outcome or the rep's line is another."""
    line = f":{crc32(request.outcome_note.encode())}" if request.outcome_note else ""
    compose(
        session,
        EmailKind.THANKS_OUTCOME,
        advocate_recipient(ask.advocate),
        f"ask:{ask.id}:thanks:{request.outcome}{line}",
        about=(ask.__tablename__, ask.id),
        fields=request_fields(request)
        | {
            "outcome": request.outcome.value if request.outcome else "",
            "note": request.outcome_note,
            "from_name": request.requester.name,
        },
        links={"impact": PageLink("my/impact")},
        purpose=ask.kind.purpose.value,
    )
