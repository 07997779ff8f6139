"""What a link may change: it withdraws, pauses and resumes. Giving consent needs somebody who signed in."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from portal.advocates.consent_form import ConsentBox
from portal.advocates.models import Advocate
from portal.outreach.suppressions.unsubscribe_actions import ALL_PURPOSES, unsubscribe_advocate


def unchecked_boxes(shown: Iterable[ConsentBox], checked: Collection[str]) -> list[ConsentBox]:
    return [box for box in shown if box.agreed_at is not None and str(box.text.id) not in checked]


def withdraw(
    session: Session, advocate: Advocate, boxes: Iterable[ConsentBox], source_address: str = ""
) -> None:
    for box in boxes:
        unsubscribe_advocate(session, advocate, box.text.purpose, source_address)


def unsubscribe_from_all(session: Session, advocate: Advocate, source_address: str = "") -> None:
    unsubscribe_advocate(session, advocate, ALL_PURPOSES, source_address)
