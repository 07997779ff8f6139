"""Setting whom letters come from, keeping the provider's key sealed, and asking for a look at the domain's records."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from portal.gateways.bell import Worker
from portal.outreach import standstill
from portal.outreach.senders import former, keys, proof, queries
from portal.outreach.senders.looking import Findings, Question
from portal.outreach.senders.models import Sender
from portal.outreach.senders.proof import Proof
from portal.secrets import seal
from tenants.clock import utc_now
from tenants.database import ring_after_commit
from tenants.models import Membership

CHANGED, KEPT, REMOVED = "sender changed", "sendgrid key kept", "sendgrid key removed"
EVERY = timedelta(days=1)  # a domain is looked at again by itself
SOONER = timedelta(minutes=50)  # by the hour, while letters wait for its word


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What an admin sets, but for the key."""

    name: str
    address: str
    reply_to: str
    webhook_key: str
    dkim_selector: str


@dataclass(frozen=True)
class Saved:
    """Was anything different, and how many letters need somebody because of it?"""

    is_changed: bool
    in_doubt: int


def save(session: Session, facts: Facts, *, key: str = "", seen: int, by: Membership) -> Saved:
    """Set what differs; an empty key keeps the one there is. `seen`: the version the page showed, 0 for none."""
    own = _own(session, seen)
    changed = {field: value for field, value in asdict(facts).items() if getattr(own, field) != value}
    if changed:
        before = {field: getattr(own, field) for field in changed}
        _set(session, own, changed)
        history.record(session, own, CHANGED, by=by, before=before, after=changed)
    in_doubt = _keep_key(session, own, key, by=by) if key else 0
    return Saved(bool(changed or key), in_doubt)


def _keep_key(session: Session, own: Sender, key: str, *, by: Membership) -> int:
    """How many letters need somebody, now that their account is gone: none, while they left by another's."""
    is_another = bool(own.sendgrid_key) and not (queries.is_readable(own) and queries.own_key(own) == key)
    own.sendgrid_key = seal(key)
    keys.begin(session, own)
    standstill.go_on(session, standstill.UNREADABLE)
    history.record(session, own, KEPT, by=by)
    return former.ask_people(session) if is_another else 0


def remove_key(session: Session, *, by: Membership) -> int:
    """How many letters need somebody, now that their account is gone."""
    own = queries.locked(session)
    if own is None or not own.sendgrid_key:
        return 0
    own.sendgrid_key = ""
    keys.begin(session, own)
    standstill.go_on(session, standstill.UNREADABLE)
    history.record(session, own, REMOVED, by=by)
    return former.ask_people(session)


def ask_for_check(session: Session) -> None:
    """Noted here, done by a worker: a name server may be slow. Whoever asks twice waits for the same look."""
    own = queries.locked(session)
    if own is None or not own.has_own_domain:
        raise Conflict("There is no domain of yours to look at. Please set an address at one as the sender.")
    if not own.is_being_checked:
        _note(session)
    ring_after_commit(session, Worker.EVENTS)


def ask_anew(session: Session) -> None:
    """Once a day: what was right yesterday may have been taken away by whoever keeps the domain."""
    keys.ask_anew(session)
    own = queries.sender(session)
    if own is None or not own.has_own_domain or own.is_being_checked:
        return
    pause = EVERY if queries.is_vouched_for(own) else SOONER
    if own.dns_checked_at is None or own.dns_checked_at <= utc_now() - pause:
        _note(session)
        ring_after_commit(session, Worker.EVENTS)


def keep(session: Session, question: Question, findings: Findings) -> None:
    """Unless the sender was changed meanwhile: then the findings are about somebody else."""
    own = queries.locked(session)
    if own is None or (own.domain, own.dkim_selector) != (question.domain, question.selector):
        return
    looked = max(utc_now(), own.dns_asked_at or utc_now())
    proven = proof.after(proof.proof_of(own), findings.tokens, own.domain, question.token, looked)
    _beside(session, dns=findings.kept() | _kept(proven), dns_checked_at=looked)


def _kept(proven: Proof | None) -> dict[str, Any]:
    return {proof.KEPT: proven.kept()} if proven else {}


def _own(session: Session, seen: int) -> Sender:
    own = queries.locked(session)
    if (own.version if own else 0) != seen:
        raise Conflict(
            "Somebody else changed the sender while your page was open. Nothing of yours was saved; go back to see "
            "how it stands now."
        )
    if own is None:
        session.add(own := Sender())
        session.flush()
    return own


def _set(session: Session, own: Sender, changed: dict[str, str]) -> None:
    before = Question(own.domain, own.dkim_selector)
    for field, value in changed.items():
        setattr(own, field, value)
    if "address" in changed and own.sendgrid_key:
        keys.begin(session, own)
    if Question(own.domain, own.dkim_selector) != before:
        own.dns, own.dns_checked_at = _kept(proof.proof_of(own)), None
        own.dns_asked_at = utc_now() if own.has_own_domain else None
        ring_after_commit(session, Worker.EVENTS)


def _note(session: Session) -> None:
    _beside(session, dns_asked_at=utc_now())


def _beside(session: Session, **values: object) -> None:
    """Written past the version: a look at the domain is no reason to refuse an admin's open page."""
    session.execute(update(Sender).values(**values))
