"""Writing emails, and what a person does about one that did not go out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal import history
from portal.advocates.models import Advocate
from portal.errors import Conflict
from portal.gateways.queue import WorkQueue
from portal.links import LinkPurpose
from portal.outreach.email_content import (
    CalendarFile,
    FieldValues,
    PageLink,
    Recipient,
    SignedLink,
    dump_fields,
    dump_links,
)
from portal.outreach.email_kinds import EmailKind, EmailKindRule
from portal.outreach.models import LIFECYCLE, Email, EmailClass, EmailMove, EmailState, HoldReason
from portal.outreach.templates.actions import ensure_current_version
from portal.outreach.templates.models import TemplateVersion
from tenants.clock import utc_now
from tenants.database import tenant_of, wake_after_commit
from tenants.email_addresses import normalize_email
from tenants.models import Membership

TRIED_AGAIN, GIVEN_UP = "tried_again", "given_up"
MOST_INVITATIONS = 2  # ever, per address
NOT_SENT_STATES = (EmailState.QUEUED, EmailState.SENDING, EmailState.HELD, EmailState.UNKNOWN)


def compose(
    session: Session,
    kind: EmailKind,
    recipient: Recipient,
    occasion: str,
    *,
    about: tuple[str, UUID] | None = None,
    fields: FieldValues | None = None,
    links: dict[str, SignedLink | PageLink] | None = None,
    queue: WorkQueue = WorkQueue.MAIL,
    calendar: CalendarFile | None = None,
    not_before: datetime | None = None,
    valid_until: datetime | None = None,
    purpose: str = "",
    template_version: TemplateVersion | None = None,
    is_test: bool = False,
) -> Email:
    """One email per occasion and recipient: writing it again gives back the first. It leaves after the commit.

    It is made from `text`, else from the text in use for its kind. `to_oneself`: its reader asked for it this moment,
    so it is no invitation and needs no consent. `valid_until`: what has not left by then never does.
    """
    rule = EmailKindRule() if is_test else kind.rule
    if rule.email_class is EmailClass.INVITATION:
        check_invitation_limit(session, recipient.email, occasion)
    when = {"due_at": not_before or utc_now(), "valid_until": valid_until}
    row = (
        _kind_columns(kind, rule, purpose)
        | recipient.columns
        | _advocate_columns(session, recipient, links or {})
        | when
    )
    row |= {"queue": queue.value, "occasion": occasion, "fields": dump_fields(fields or {})}
    row |= {"template_id": (template_version or ensure_current_version(session, kind, recipient.locale)).id}
    return _insert_once(session, row | _subject_columns(about, calendar))


def try_again(session: Session, email: Email, *, by: Membership) -> None:
    """A person has looked at it: it leaves with the next batch. Raises Conflict where it must not leave any more."""
    if email.obsolete_at is not None or (email.valid_until and email.valid_until <= utc_now()):
        raise Conflict(
            "What this email is about is over, so it does not leave any more. Nothing was changed."
        )
    if email.email_class is EmailClass.INVITATION:
        check_invitation_limit(session, email.recipient, email.occasion)
    email.state = LIFECYCLE.after(EmailMove.TRY_AGAIN, email.state)
    email.tries, email.due_at, email.given_up_at = 0, utc_now(), None
    email.hold_reason, email.why, email.unknown_retries, email.first_event_at = (
        HoldReason.NONE,
        "",
        0,
        None,
    )
    history.record(session, email, TRIED_AGAIN, by=by)
    wake_after_commit(session, email.queue)


def supersede(session: Session, kind: EmailKind, about: tuple[str, UUID], occasion: str = "") -> None:
    """What comes now takes the place of emails of this kind that have not left: they never do. `occasion`: how
    theirs begins, where not all of the kind are meant."""
    its = (Email.kind == kind.value, Email.subject_type == about[0], Email.subject_id == about[1])
    still = (Email.occasion.startswith(occasion, autoescape=True), Email.state.in_(NOT_SENT_STATES))
    session.execute(update(Email).where(*its, *still).values(valid_until=utc_now()))


def give_up(session: Session, email: Email, *, by: Membership) -> None:
    email.state = LIFECYCLE.after(EmailMove.GIVE_UP, email.state)
    email.given_up_at, email.hold_reason, email.due_at = utc_now(), HoldReason.NONE, None
    history.record(session, email, GIVEN_UP, by=by)


def _insert_once(session: Session, row: dict[str, Any]) -> Email:
    new = insert(Email).values(tenant_id=tenant_of(session), **row).on_conflict_do_nothing().returning(Email)
    if (email := session.scalar(new)) is not None:
        wake_after_commit(session, email.queue)
        return email
    first = (Email.occasion == row["occasion"], Email.recipient_norm == row["recipient_norm"])
    return session.scalars(select(Email).where(*first)).one()


def _kind_columns(kind: EmailKind, rule: EmailKindRule, purpose: str) -> dict[str, Any]:
    return {"kind": kind.value, "email_class": rule.email_class, "purpose": purpose or rule.purpose}


def _subject_columns(about: tuple[str, UUID] | None, calendar: CalendarFile | None) -> dict[str, Any]:
    kind, row_id = about or ("", None)
    file = {"method": calendar.method, "content": calendar.content} if calendar else None
    return {"subject_type": kind, "subject_id": row_id, "calendar": file}


def _advocate_columns(
    session: Session, recipient: Recipient, links: dict[str, SignedLink | PageLink]
) -> dict[str, Any]:
    """Every email to an advocate says where to change one's mind, and leaves by the advocate's own clock."""
    if recipient.advocate_id is None:
        return {"links": dump_links(links), "time_zone": recipient.time_zone}
    its = select(Advocate.link_version, Advocate.time_zone).where(Advocate.id == recipient.advocate_id)
    version, zone = session.execute(its).one_or_none() or (1, "")
    preferences: dict[str, SignedLink | PageLink] = {
        "preferences": SignedLink(LinkPurpose.PREFERENCES, recipient.advocate_id, version)
    }
    return {"links": dump_links(preferences | links), "time_zone": recipient.time_zone or zone}


def check_invitation_limit(session: Session, email: str, occasion: str) -> None:
    """Those that may have arrived count. Two writers at once take turns at the address, so that not both see room for
    the second.
    """
    norm = normalize_email(email)
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"{tenant_of(session)} {norm}", 0)))
    )
    others = select(func.count()).where(
        Email.recipient_norm == norm,
        Email.email_class == EmailClass.INVITATION,
        Email.occasion != occasion,
        or_(Email.state != EmailState.FAILED, Email.outcome_unknown),
    )
    if (session.scalar(others) or 0) >= MOST_INVITATIONS:
        raise Conflict("%(email)s was invited twice already. We never write a third time.", email=email)
