"""The letters around joining: confirm, invitation, welcome, and a word to the managers when somebody waits."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history
from portal.advocates import actions, address_change, joining, queries
from portal.advocates.address_change import AddressChangeAsked, AddressChanged
from portal.advocates.answers import Answers
from portal.advocates.models import (
    Advocate,
    AdvocateEnrolled,
    AdvocateInvited,
    AdvocateWaits,
    ConsentWords,
    JoinAsked,
    State,
    WishesChanged,
)
from portal.asks import days, facts
from portal.gateways.bell import Worker
from portal.links import Purpose
from portal.outbox import Message
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, Page, Recipient
from portal.signin import members
from tenants.database import tenant


def confirm_the_address(session: Session, message: JoinAsked) -> None:
    """To known and unknown addresses alike."""
    wish = queries.join_request(session, message.join_request_id)
    answers = Answers.opened(wish.answers)
    write(
        session,
        LetterKind.JOIN_CONFIRMATION,
        Recipient(wish.email),  # nameless: whoever typed the name may be a stranger to this address
        occasion=f"join:{wish.id}:{wish.link_version}",
        fields={"purposes": _titles(session, answers.words)},
        links={"join": Link(Purpose.JOIN, wish.id, wish.link_version)},
        queue=Worker.SIGN_IN,
    )


def confirm_the_new_address(session: Session, message: AddressChangeAsked) -> None:
    """Whatever was withdrawn or confirmed meanwhile is not asked any more."""
    change = address_change.get(session, message.address_change_id)
    if not change.is_open:
        return
    write(
        session,
        LetterKind.ADDRESS_CONFIRMATION,
        Recipient(change.email, queries.get(session, change.advocate_id).name),
        occasion=f"address:{change.id}:{change.link_version}",
        about=("advocates", change.advocate_id),
        fields={"by": members.get(session, change.by_id).name},
        links={"address": Link(Purpose.ADDRESS, change.id, change.link_version)},
        queue=Worker.SIGN_IN,
    )


def tell_the_old_address(session: Session, message: AddressChanged) -> None:
    """Whoever did not want this hears of it where they still read."""
    change = address_change.get(session, message.address_change_id)
    write(
        session,
        LetterKind.ADDRESS_CHANGED,
        Recipient(change.former, queries.get(session, change.advocate_id).name),
        occasion=f"address changed:{change.id}",
        about=("advocates", change.advocate_id),
        fields={"by": members.get(session, change.by_id).name},
    )


def invite_to_enroll(session: Session, message: AdvocateInvited) -> None:
    """Whoever answered meanwhile gets no letter about it any more."""
    advocate = queries.get(session, message.advocate_id)
    if advocate.state is not State.INVITED:
        return
    write(
        session,
        LetterKind.ENROLL_INVITATION,
        _to(advocate),
        occasion=f"invitation:{advocate.id}:{advocate.invitations}",
        about=("advocates", advocate.id),
        fields={"from_name": _who_invited(session, advocate), "from_title": tenant(session).name},
        links={"invite": Link(Purpose.INVITE, advocate.id, advocate.link_version)},
    )


def welcome(session: Session, message: AdvocateEnrolled) -> None:
    see_when_free(session, message)
    advocate = queries.get(session, message.advocate_id)
    agreed = queries.agreed_words(queries.ledger(session, advocate))
    write(
        session,
        LetterKind.WELCOME,
        _to(advocate),
        occasion=f"welcome:{advocate.id}:{advocate.enrolled_at:%Y-%m-%d}",
        about=("advocates", advocate.id),
        fields={
            "purposes": [words.title for _, words in agreed.values()],
            "from_name": tenant(session).name,
            "from_title": "",
        },
        links={"home": Page("my/me")},
    )


def see_when_free(session: Session, message: WishesChanged | AdvocateEnrolled) -> None:
    """Own limits and the company's budget decide from when this person can be asked."""
    facts.refresh(session, [message.advocate_id])


def by_the_hour(session: Session) -> None:
    """Pauses that are over end; wishes to join that nobody confirmed are forgotten."""
    actions.resume_rested(session, days.today(session))
    joining.forget_unconfirmed(session)


def tell_the_managers(session: Session, message: AdvocateWaits) -> None:
    advocate = queries.get(session, message.advocate_id)
    for manager in members.at_the_desk(session):
        write(
            session,
            LetterKind.PENDING_REVIEW,
            Recipient(manager.email, manager.name, user_id=manager.user_id),
            occasion=f"waits:{advocate.id}",
            about=("advocates", advocate.id),
            links={"person": Page(f"advocates/{advocate.id}")},
        )


ANSWERS: dict[type[Message], Callable[[Session, Any], None]] = {
    JoinAsked: confirm_the_address,
    AddressChangeAsked: confirm_the_new_address,
    AddressChanged: tell_the_old_address,
    AdvocateInvited: invite_to_enroll,
    AdvocateEnrolled: welcome,
    AdvocateWaits: tell_the_managers,
    WishesChanged: see_when_free,
}


def _to(advocate: Advocate) -> Recipient:
    return Recipient(advocate.email, advocate.name, advocate_id=advocate.id)


def _titles(session: Session, ids: list[str]) -> list[str]:
    shown = select(ConsentWords).where(ConsentWords.id.in_(ids)).order_by(ConsentWords.id)
    return [words.title for words in session.scalars(shown)]


def _who_invited(session: Session, advocate: Advocate) -> str:
    lines = history.of(session, advocate)
    return next((line.by_name for line in lines if line.what == "invited"), "")
