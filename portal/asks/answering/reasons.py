"""The reasons a person may tap, and what we do because of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.advocates import actions as advocates
from portal.advocates.models import Advocate, AdvocateMove
from portal.advocates.profile import Preferences
from portal.asks import calendar_days, summary_labels
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import Ask
from portal.declarations.answers import ReasonChoice

TOO_OFTEN_DAYS = 60  # without requests, for whoever got too many
PAUSE_CHOICES = (14, 30, 90)  # days


def usual_reasons(ask: Ask) -> Sequence[ReasonChoice]:
    return list(_reasons(ask, _("No time right now")))


def reasons_with_deadline(ask: Ask, deadline: str) -> Sequence[ReasonChoice]:
    return list(_reasons(ask, _("No time before %(day)s", day=deadline)))


def _reasons(ask: Ask, too_busy: str) -> Iterator[ReasonChoice]:
    yield ReasonChoice(DeclineReason.TOO_BUSY, too_busy, _("We can ask again another time"))
    yield ReasonChoice(
        DeclineReason.NOT_ME, _("I’m not the right person"), _("We check what we match you on")
    )
    if ask.helps_name:
        yield ReasonChoice(
            DeclineReason.NOT_THEM,
            _("I’d rather not help %(company)s", company=ask.helps_name),
            _("Our team sees this, %(company)s doesn’t", company=ask.helps_name),
        )
    if ask.kind.value in ask.advocate.accepted_ask_kinds:
        employer = ask.advocate.account.name if ask.advocate.account else _("My employer")
        yield ReasonChoice(
            DeclineReason.NOT_ALLOWED,
            _("%(company)s doesn’t allow it", company=employer),
            _("We stop asking you for %(kind)s", kind=summary_labels.phrase(ask.kind)),
        )
    yield ReasonChoice(
        DeclineReason.TOO_OFTEN,
        _("Too many requests lately"),
        _("You get no requests for %(days)s days", days=TOO_OFTEN_DAYS),
    )


def apply_reason(session: Session, ask: Ask, reason: DeclineReason) -> None:
    """Do what the page promised beside the reason; the caller has locked the person."""
    if reason is DeclineReason.TOO_OFTEN:
        pause(session, ask.advocate, TOO_OFTEN_DAYS)
    elif reason is DeclineReason.NOT_ALLOWED:
        _stop_kind(session, ask)


def pause(session: Session, advocate: Advocate, days: int) -> None:
    if AdvocateMove.PAUSE in advocate.moves:
        advocates.pause(session, advocate, calendar_days.today(session) + timedelta(days=days))


def _stop_kind(session: Session, ask: Ask) -> None:
    own = Preferences.of(ask.advocate)
    left = [kind for kind in own.accepted_ask_kinds if kind != ask.kind.value]
    advocates.change_preferences(session, ask.advocate, replace(own, accepted_ask_kinds=left))
