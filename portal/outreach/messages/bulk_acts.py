"""What a manager can do with many emails at once: try them again, cancel them."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, load_only

from portal.declarations.bulk_acts import BulkAct, BulkOptions, ListReader, Refusals, RowIds
from portal.outreach.messages.bulk_actions import can_give_up, can_retry, give_up, try_again
from portal.outreach.models import Email, EmailState
from portal.web.filters import number
from tenants.clock import utc_now

E = Email
LOOKED_AT = (E.state, E.hold_reason, E.due_at, E.outcome_unknown, E.obsolete_at, E.valid_until)


class RetryChoice(StrEnum):
    CERTAIN = "certain"
    ALL = "all"


class NotRetried(StrEnum):
    TWICE = "twice"
    OVER = "over"
    STATE = "state"
    INVITED = "invited"


class NotCanceled(StrEnum):
    STATE = "state"


def can_be_acted_on(_reader: ListReader) -> ColumnElement[bool]:
    """What all that match is of: an email that left needs nothing."""
    return E.state.in_((EmailState.HELD, EmailState.FAILED))


def _emails(session: Session, ids: RowIds) -> Sequence[Email]:
    return session.scalars(select(E).where(E.id.in_(ids)).options(load_only(*LOOKED_AT))).all()


def _not_retried(session: Session, ids: RowIds, options: BulkOptions) -> Refusals:
    sure = options.choice == RetryChoice.CERTAIN
    reasons = {email.id: _retry_refusal(email, sure=sure) for email in _emails(session, ids)}
    return {email_id: reason for email_id, reason in reasons.items() if reason}


def _retry_refusal(email: Email, *, sure: bool) -> NotRetried | None:
    if not can_retry(email):
        return NotRetried.STATE
    if email.obsolete_at is not None or (email.valid_until and email.valid_until <= utc_now()):
        return NotRetried.OVER
    return NotRetried.TWICE if sure and email.outcome_unknown else None


def _retry(session: Session, ids: Sequence[UUID], options: BulkOptions) -> Refusals:
    """Whoever was invited as often as allowed is known once their turn comes."""
    left = try_again(session, ids, by=options.by).refused
    return dict.fromkeys(left, NotRetried.INVITED)


def _not_canceled(session: Session, ids: RowIds, _options: BulkOptions) -> Refusals:
    found = _emails(session, ids)
    return {email.id: NotCanceled.STATE for email in found if not can_give_up(email)}


def _cancel(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    give_up(session, ids, by=options.by)


def _choices(_reader: ListReader) -> Mapping[str, Any]:
    return {
        RetryChoice.CERTAIN.value: _l("those that surely didn’t arrive"),
        RetryChoice.ALL.value: _l("also those that may arrive twice"),
    }


TRY_AGAIN = BulkAct(
    name="try-again",
    label=_l("Try again…"),
    title=lambda n: ngettext("Send %(n)s email again?", "Send %(n)s emails again?", n, n=number(n)),
    lede=_l("They leave as soon as nothing holds them back."),
    submit=lambda n: ngettext("Send %(n)s email again", "Send %(n)s emails again", n, n=number(n)),
    done=lambda n: ngettext(
        "%(n)s email will be sent again.", "%(n)s emails will be sent again.", n, n=number(n)
    ),
    nobody=_l("None of these emails can be sent again now"),
    reasons={
        NotRetried.TWICE: _l("May have arrived already: they would arrive twice"),
        NotRetried.OVER: _l("What they were about has ended"),
        NotRetried.STATE: _l("Sent, canceled, or waiting for something that ends by itself"),
        NotRetried.INVITED: _l("Invited twice already: we never invite anyone a third time"),
    },
    refusals=_not_retried,
    apply=_retry,
    choices=_choices,
    icon="mail",
)
CANCEL = BulkAct(
    name="cancel",
    label=_l("Cancel…"),
    title=lambda n: ngettext("Cancel %(n)s email?", "Cancel %(n)s emails?", n, n=number(n)),
    lede=_l("They won’t be sent unless someone tries them again. They stay in the list."),
    submit=lambda n: ngettext("Cancel %(n)s email", "Cancel %(n)s emails", n, n=number(n)),
    done=lambda n: ngettext("%(n)s email is canceled.", "%(n)s emails are canceled.", n, n=number(n)),
    nobody=_l("None of these emails can be canceled"),
    reasons={NotCanceled.STATE: _l("Sent, on its way, or canceled already")},
    refusals=_not_canceled,
    apply=_cancel,
    icon="mail-x",
    is_danger=True,
)
