"""The emails of the desk about a request, to its rep and to the managers, and what its other emails share.

Addresses never cross from one side to the other.
"""

from datetime import date

from sqlalchemy.orm import Session

from portal import regions
from portal.advocates.emails import TEAM_NOTIFICATIONS
from portal.advocates.models import Advocate
from portal.declarations.email_content import EmailFieldValue, PageLink, Recipient
from portal.declarations.email_kinds import EmailKind
from portal.declarations.sample_emails import TUESDAY, SampleEmail
from portal.declarations.sending import send
from portal.i18n import mark
from portal.references import request_email_fields
from portal.references.models import Meeting, ReferenceRequest
from portal.references.request_updates import RequestUpdate
from portal.safe_text import safe_company, safe_name
from portal.signin import memberships
from tenants.models import Membership

REQUEST_SUBMITTED = EmailKind(
    name="request_submitted",
    label=mark("Notice: new reference request"),
    sent_when=mark("Sent to managers when a rep submits a request."),
    subject=mark("{{rep}} asks for a reference: {{prospect}}, {{kind}}"),
    group=TEAM_NOTIFICATIONS,
    fields=request_email_fields.SUBMITTED,
    required_links=("request_link",),
    sample=SampleEmail(
        {
            "rep": "Sam Reed",
            "prospect": "Initech",
            "kind": "call",
            "needed_by": date(2026, 12, 4),
            "product": "Ledger Pro",
            "industry": "Banking",
            "region": "Europe, Middle East and Africa",
            "deal": "Initech, €310,000",
        },
        {"request": PageLink("requests")},
    ),
    is_to_members=True,
)
REQUEST_UPDATE = EmailKind(
    name="request_update",
    label=mark("Request update"),
    sent_when=mark("Sent to the rep when something happens on their request."),
    subject="{{news_subject}}",  # what happened: REQUEST_UPDATES in request_updates.py
    group=TEAM_NOTIFICATIONS,
    fields=request_email_fields.UPDATE,
    required_links=("request_link",),
    sample=SampleEmail(
        {
            "prospect": "Initech",
            "number": 1042,
            "news": RequestUpdate.SCHEDULED.value,
            "starts_at": TUESDAY,
            "who": "Ada Lindqvist",
            "helper": "Carlos Mendes",
            "of": 1041,
            "note": "They’d like to hear about the first month.",
        },
        {"request": PageLink("requests")},
    ),
    is_to_members=True,
)
KINDS = (REQUEST_SUBMITTED, REQUEST_UPDATE)


def submitted_key(request: ReferenceRequest) -> str:
    return f"request:{request.id}:submitted"


def update_key(request: ReferenceRequest, change: RequestUpdate, turn: str) -> str:
    return f"request:{request.id}:{change}:{turn}"


def request_page_link(request: ReferenceRequest) -> PageLink:
    return PageLink(f"requests/{request.id}")


def advocate_recipient(advocate: Advocate, reply_to: str = "") -> Recipient:
    return Recipient(advocate.email, advocate.name, advocate_id=advocate.id, reply_to=reply_to)


def member_recipient(member: Membership) -> Recipient:
    return Recipient(member.email, member.name, user_id=member.user_id)


def introduction(advocate: Advocate) -> str:
    company = safe_company(advocate.account.name) if advocate.account else ""
    return ", ".join(filter(None, (safe_name(advocate.name), safe_name(advocate.title), company)))


managers = memberships.managers_or_admins


def request_fields(request: ReferenceRequest) -> dict[str, EmailFieldValue]:
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
    for manager in managers(session):
        if manager.id != by.id:
            send(
                session,
                REQUEST_SUBMITTED,
                member_recipient(manager),
                submitted_key(request),
                about=(request.__tablename__, request.id),
                fields=request_fields(request) | {"rep": by.name},
                links={"request": request_page_link(request)},
            )


def send_request_update(
    session: Session,
    request: ReferenceRequest,
    to: Membership,
    change: RequestUpdate,
    turn: str = "",
    **fields: EmailFieldValue,
) -> None:
    send(
        session,
        REQUEST_UPDATE,
        member_recipient(to),
        update_key(request, change, turn),
        about=(request.__tablename__, request.id),
        fields=request_fields(request) | {"news": change.value} | fields,
        links={"request": request_page_link(request)},
    )


def send_undecided(session: Session, meeting: Meeting, change: RequestUpdate) -> None:
    """Tell the rep and the desk, once each, that nobody can tell from the answers how the call went."""
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
    change = RequestUpdate.LOGGED_NEW if is_new else RequestUpdate.LOGGED
    for manager in managers(session):
        if manager.id != by.id:
            send_request_update(session, request, manager, change, who=by.name, helper=helper.name)
