"""The emails around joining: confirm, invitation, welcome, a new address, and a word to the managers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history
from portal.advocates import email_fields, queries
from portal.advocates.address_change_models import AddressChange
from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import Advocate, ConsentText, JoinRequest
from portal.advocates.profile import JoinSubmission
from portal.declarations.email_content import About, PageLink, Recipient, SignedLink
from portal.declarations.email_kinds import EmailClass, EmailGroup, EmailKind
from portal.declarations.sample_emails import SENDER, WORKSPACE, SampleEmail, sample_link
from portal.declarations.sending import send
from portal.gateways.queue import WorkQueue
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.signin import memberships
from tenants.database import tenant

JOINING = EmailGroup(mark("Joining"), 10)
ADDRESS_CHANGES = EmailGroup(mark("Address changes"), 20)
TEAM_NOTIFICATIONS = EmailGroup(mark("Team notifications"), 50)
SAMPLE_PURPOSES = ["Reference calls and site visits", "My name in a quote"]

ENROLL_INVITATION = EmailKind(
    name="enroll_invitation",
    label=mark("Invitation to join"),
    sent_when=mark("Sent when you invite a customer to the program."),
    subject=mark("Would you talk to people considering {{workspace}} now and then?"),
    group=JOINING,
    fields=email_fields.INVITATION_FIELDS,
    required_links=("invite_link",),
    sample=SampleEmail(
        {"from_name": SENDER, "from_title": WORKSPACE, "note": "Great talk in May!"},
        sample_link("invite", LinkPurpose.INVITE),
    ),
    email_class=EmailClass.INVITATION,
)
JOIN_CONFIRMATION = EmailKind(
    name="join_confirmation",
    label=mark("Address confirmation"),
    sent_when=mark("Sent when someone fills in the join page, to confirm that the address is theirs."),
    subject=mark("Please confirm that you’re joining {{workspace}}"),
    group=JOINING,
    fields=email_fields.CONFIRMATION_FIELDS,
    required_links=("join_link",),
    sample=SampleEmail({"purposes": SAMPLE_PURPOSES}, sample_link("join", LinkPurpose.JOIN)),
    is_time_sensitive=True,
    queue=WorkQueue.SIGN_IN,
)
WELCOME = EmailKind(
    name="welcome",
    label=mark("Welcome"),
    sent_when=mark("Sent when someone joins."),
    subject=mark("Welcome to the {{workspace}} program: you’re in control"),
    group=JOINING,
    fields=email_fields.WELCOME,
    sample=SampleEmail({"purposes": SAMPLE_PURPOSES}, {"home": PageLink("my/me")}),
)
ADDRESS_CONFIRMATION = EmailKind(
    name="address_confirmation",
    label=mark("New address confirmation"),
    sent_when=mark("Sent to the new address when you change someone’s email address."),
    subject=mark("Please confirm your new address for {{workspace}}"),
    group=ADDRESS_CHANGES,
    fields=email_fields.ADDRESS_CONFIRMATION,
    required_links=("address_link",),
    sample=SampleEmail({"by": SENDER}, sample_link("address", LinkPurpose.ADDRESS)),
    signature_field="by",
    is_time_sensitive=True,
    queue=WorkQueue.SIGN_IN,
)
ADDRESS_CHANGED = EmailKind(
    name="address_changed",
    label=mark("Notice: address changed"),
    sent_when=mark("Sent to the old address once the new one is confirmed."),
    subject=mark("Your email address for {{workspace}} has changed"),
    group=ADDRESS_CHANGES,
    fields=email_fields.ADDRESS_CHANGED,
    sample=SampleEmail({"by": SENDER}, {}),
    signature_field="by",
)
PENDING_REVIEW = EmailKind(
    name="pending_review",
    label=mark("Notice: someone wants to join"),
    sent_when=mark("Sent to managers when someone from an unknown company joins and needs approval."),
    subject=mark("Someone would like to join {{workspace}}"),
    group=TEAM_NOTIFICATIONS,
    fields=email_fields.PENDING_REVIEW,
    required_links=("person_link",),
    sample=SampleEmail({}, {"person": PageLink("advocates")}),
    is_to_members=True,
)
KINDS = (
    ENROLL_INVITATION,
    JOIN_CONFIRMATION,
    WELCOME,
    ADDRESS_CONFIRMATION,
    ADDRESS_CHANGED,
    PENDING_REVIEW,
)


def join_confirmation_key(asked: JoinRequest) -> str:
    return f"join:{asked.id}:{asked.link_version}"


def address_confirmation_key(change: AddressChange) -> str:
    return f"address:{change.id}:{change.link_version}"


def address_changed_key(change: AddressChange) -> str:
    return f"address changed:{change.id}"


def invitation_key(advocate: Advocate) -> str:
    return f"invitation:{advocate.id}:{advocate.invitation_count}"


def welcome_key(advocate: Advocate) -> str:
    return f"welcome:{advocate.id}:{advocate.enrolled_at:%Y-%m-%d}"


def pending_review_key(advocate: Advocate) -> str:
    return f"waits:{advocate.id}"


def send_join_confirmation(session: Session, asked: JoinRequest) -> None:
    submission = JoinSubmission.from_json(asked.submission)
    send(
        session,
        JOIN_CONFIRMATION,
        Recipient(asked.email),  # nameless: whoever typed the name may be a stranger to this address
        join_confirmation_key(asked),
        fields={"purposes": _titles(session, submission.consent_text_ids)},
        links={"join": SignedLink(LinkPurpose.JOIN, asked.id, asked.link_version)},
    )


def send_address_confirmation(session: Session, change: AddressChange) -> None:
    send(
        session,
        ADDRESS_CONFIRMATION,
        Recipient(change.email, queries.get(session, change.advocate_id).name),
        address_confirmation_key(change),
        about=(Advocate.__tablename__, change.advocate_id),
        fields={"by": memberships.get(session, change.by_id).name},
        links={"address": SignedLink(LinkPurpose.ADDRESS, change.id, change.link_version)},
    )


def send_address_changed(session: Session, change: AddressChange) -> None:
    send(
        session,
        ADDRESS_CHANGED,
        Recipient(change.former, queries.get(session, change.advocate_id).name),
        address_changed_key(change),
        about=(Advocate.__tablename__, change.advocate_id),
        fields={"by": memberships.get(session, change.by_id).name},
    )


def send_enrollment_invitation(session: Session, advocate: Advocate) -> None:
    send(
        session,
        ENROLL_INVITATION,
        _to(advocate),
        invitation_key(advocate),
        about=_about(advocate),
        fields={"from_name": _inviter_name(session, advocate), "from_title": tenant(session).name},
        links={"invite": SignedLink(LinkPurpose.INVITE, advocate.id, advocate.link_version)},
    )


def send_welcome(session: Session, advocate: Advocate) -> None:
    agreed = queries.current_consents(queries.consent_entries(session, advocate))
    titles = [text.title for _, text in agreed.values()]
    send(
        session,
        WELCOME,
        _to(advocate),
        welcome_key(advocate),
        about=_about(advocate),
        fields={"purposes": titles, "from_name": tenant(session).name, "from_title": ""},
        links={"home": PageLink("my/me")},
    )


def send_pending_review(session: Session, advocate: Advocate) -> None:
    for manager in memberships.managers_or_admins(session):
        send(
            session,
            PENDING_REVIEW,
            Recipient(manager.email, manager.name, user_id=manager.user_id),
            pending_review_key(advocate),
            about=_about(advocate),
            links={"person": PageLink(f"advocates/{advocate.id}")},
        )


def _to(advocate: Advocate) -> Recipient:
    return Recipient(advocate.email, advocate.name, advocate_id=advocate.id)


def _about(advocate: Advocate) -> About:
    return Advocate.__tablename__, advocate.id


def _titles(session: Session, ids: list[str]) -> list[str]:
    shown = select(ConsentText).where(ConsentText.id.in_(ids)).order_by(ConsentText.id)
    return [text.title for text in session.scalars(shown)]


def _inviter_name(session: Session, advocate: Advocate) -> str:
    entries = history.entries_about(session, advocate)
    return next((entry.by_name for entry in entries if entry.action == AdvocateAction.INVITED), "")
