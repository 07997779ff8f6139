"""Writing letters, and what a person does about one that did not go out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal import history
from portal.advocates.models import Advocate
from portal.errors import Conflict
from portal.gateways.bell import Worker
from portal.links import Purpose
from portal.outreach.kinds import LetterKind, Rule
from portal.outreach.letters import CalendarFile, Fields, Link, Page, Recipient, kept_fields, kept_links
from portal.outreach.models import LIFECYCLE, Hold, Letter, LetterClass, LetterState, Move
from portal.outreach.templates.actions import in_use
from portal.outreach.templates.models import TemplateVersion
from tenants.addresses import normal_email
from tenants.clock import utc_now
from tenants.database import ring_after_commit, tenant_of
from tenants.models import Membership

TRIED_AGAIN, GIVEN_UP = "tried again", "given up"
MOST_INVITATIONS = 2  # ever, per address
NOT_LEFT = (LetterState.QUEUED, LetterState.SENDING, LetterState.HELD, LetterState.UNKNOWN)


def write(
    session: Session,
    kind: LetterKind,
    to: Recipient,
    occasion: str,
    *,
    about: tuple[str, UUID] | None = None,
    fields: Fields | None = None,
    links: dict[str, Link | Page] | None = None,
    queue: Worker = Worker.MAIL,
    calendar: CalendarFile | None = None,
    not_before: datetime | None = None,
    valid_until: datetime | None = None,
    purpose: str = "",
    text: TemplateVersion | None = None,
    to_oneself: bool = False,
) -> Letter:
    """One letter per occasion and recipient: writing it again gives back the first. It leaves after the commit.

    It is made from `text`, else from the text in use for its kind. `to_oneself`: its reader asked for it this moment,
    so it is no invitation and needs no consent. `valid_until`: what has not left by then never does.
    """
    rule = Rule() if to_oneself else kind.rule
    if rule.letter_class is LetterClass.INVITATION:
        _insist_on_few_invitations(session, to.email, occasion)
    when = {"due_at": not_before or utc_now(), "valid_until": valid_until}
    row = _of_kind(kind, rule, purpose) | to.kept | _as_an_advocate(session, to, links or {}) | when
    row |= {"queue": queue.value, "occasion": occasion, "fields": kept_fields(fields or {})}
    row |= {"template_id": (text or in_use(session, kind, to.locale)).id}
    return _written_once(session, row | _about(about, calendar))


def try_again(session: Session, letter: Letter, *, by: Membership) -> None:
    """A person has looked at it: it leaves with the next batch. Raises Conflict where it must not leave any more."""
    if letter.over_at is not None or (letter.valid_until and letter.valid_until <= utc_now()):
        raise Conflict(
            "What this letter is about is over, so it does not leave any more. Nothing was changed."
        )
    if letter.letter_class is LetterClass.INVITATION:
        _insist_on_few_invitations(session, letter.recipient, letter.occasion)
    letter.state = LIFECYCLE.after(Move.TRY_AGAIN, letter.state)
    letter.tries, letter.due_at, letter.given_up_at = 0, utc_now(), None
    letter.held_for, letter.why, letter.doubts, letter.heard_at = Hold.NONE, "", 0, None
    history.record(session, letter, TRIED_AGAIN, by=by)
    ring_after_commit(session, letter.queue)


def overtake(session: Session, kind: LetterKind, about: tuple[str, UUID], occasion: str = "") -> None:
    """What comes now takes the place of letters of this kind that have not left: they never do. `occasion`: how
    theirs begins, where not all of the kind are meant."""
    its = (Letter.kind == kind.value, Letter.about_kind == about[0], Letter.about_id == about[1])
    still = (Letter.occasion.startswith(occasion, autoescape=True), Letter.state.in_(NOT_LEFT))
    session.execute(update(Letter).where(*its, *still).values(valid_until=utc_now()))


def give_up(session: Session, letter: Letter, *, by: Membership) -> None:
    letter.state = LIFECYCLE.after(Move.GIVE_UP, letter.state)
    letter.given_up_at, letter.held_for, letter.due_at = utc_now(), Hold.NONE, None
    history.record(session, letter, GIVEN_UP, by=by)


def _written_once(session: Session, row: dict[str, Any]) -> Letter:
    new = (
        insert(Letter).values(tenant_id=tenant_of(session), **row).on_conflict_do_nothing().returning(Letter)
    )
    if (letter := session.scalar(new)) is not None:
        ring_after_commit(session, letter.queue)
        return letter
    first = (Letter.occasion == row["occasion"], Letter.recipient_norm == row["recipient_norm"])
    return session.scalars(select(Letter).where(*first)).one()


def _of_kind(kind: LetterKind, rule: Rule, purpose: str) -> dict[str, Any]:
    return {"kind": kind.value, "letter_class": rule.letter_class, "purpose": purpose or rule.purpose}


def _about(about: tuple[str, UUID] | None, calendar: CalendarFile | None) -> dict[str, Any]:
    kind, row_id = about or ("", None)
    file = {"method": calendar.method, "content": calendar.content} if calendar else None
    return {"about_kind": kind, "about_id": row_id, "calendar": file}


def _as_an_advocate(session: Session, to: Recipient, links: dict[str, Link | Page]) -> dict[str, Any]:
    """Every letter to an advocate says where to change one's mind, and leaves by the advocate's own clock."""
    if to.advocate_id is None:
        return {"links": kept_links(links), "time_zone": to.time_zone}
    its = select(Advocate.link_version, Advocate.time_zone).where(Advocate.id == to.advocate_id)
    version, zone = session.execute(its).one_or_none() or (1, "")
    preferences: dict[str, Link | Page] = {"preferences": Link(Purpose.PREFERENCES, to.advocate_id, version)}
    return {"links": kept_links(preferences | links), "time_zone": to.time_zone or zone}


def _insist_on_few_invitations(session: Session, email: str, occasion: str) -> None:
    """Those that may have arrived count. Two writers at once take turns at the address, so that not both see room for
    the second.
    """
    norm = normal_email(email)
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"{tenant_of(session)} {norm}", 0)))
    )
    others = select(func.count()).where(
        Letter.recipient_norm == norm,
        Letter.letter_class == LetterClass.INVITATION,
        Letter.occasion != occasion,
        or_(Letter.state != LetterState.FAILED, Letter.in_doubt),
    )
    if (session.scalar(others) or 0) >= MOST_INVITATIONS:
        raise Conflict("%(email)s was invited twice already. We never write a third time.", email=email)
