"""The list of emails: every one of the workspace that staff may read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, select

from portal.declarations.attribute_predicates import of_moment
from portal.declarations.attributes import AttributeType
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.declarations.lists import (
    CellKind,
    DeclaredList,
    ListColumn,
    ListFilter,
    ListReader,
    ListSearch,
    ListTab,
    Place,
)
from portal.declarations.typed_filters import typed_filter
from portal.exports import cells
from portal.outreach.labels import HOLD_REASONS, kind_names, sequence_name
from portal.outreach.messages import bulk_acts, labels, queries
from portal.outreach.messages.bulk_actions import can_give_up, can_retry
from portal.outreach.messages.email_rows import EmailRow, email_rows
from portal.outreach.messages.queries import OUTCOME_CONDITIONS, EmailOutcome, EmailTab
from portal.outreach.models import Email, EmailState, HoldReason
from tenants.database import tenant
from tenants.email_addresses import normalize_email
from tenants.models import MANAGER_ROLES

REASONS = {hold.value: badge.word for hold, badge in HOLD_REASONS.items()}
STATES = {state: badge.word for state, badge in labels.STATES.items()}


def shown_kinds() -> dict[str, str]:
    return {name: words for name, words in kind_names().items() if EMAIL_KINDS.get(name).is_shown_to_staff}


def _facts(reader: ListReader, emails: Sequence[Email]) -> Mapping[UUID, EmailRow]:
    return email_rows(reader.session, emails)


def _choices(_reader: ListReader) -> Mapping[str, Mapping[str, Any]]:
    return {"kind": shown_kinds()}


def _is_of_kind(name: str) -> ColumnElement[bool] | None:
    return Email.kind == name if name in shown_kinds() else None


def _has_outcome(name: str) -> ColumnElement[bool] | None:
    return OUTCOME_CONDITIONS[EmailOutcome(name)] if name in set(EmailOutcome) else None


def _is_held_for(reason: str) -> ColumnElement[bool] | None:
    if not reason or reason not in set(HoldReason):
        return None
    return and_(Email.state == EmailState.HELD, Email.hold_reason == HoldReason(reason))


def _is_of_sequence(text: str) -> ColumnElement[bool] | None:
    try:
        return Email.sequence_id == UUID(text)
    except ValueError:
        return None


def _is_step(text: str) -> ColumnElement[bool] | None:
    return Email.sequence_step == int(text) if text.isdecimal() and len(text) < 6 else None


def _sequence_name(reader: ListReader, text: str) -> str:
    found = queries.sequence_of(reader.session, UUID(text))
    return sequence_name(*found) if found else text


def _in_tab(tab: EmailTab) -> Callable[[ListReader], ColumnElement[bool]]:
    return lambda _: and_(True, *queries.tab_condition(tab))


COLUMNS = (
    ListColumn(name="email", label=_l("Email"), place=Place.ALWAYS),
    ListColumn(
        name="kind",
        label=_l("Type"),
        place=Place.FILE,
        cell=lambda _: cells.labeled(Email.kind, shown_kinds()),
    ),
    ListColumn(
        name="to",
        label=_l("To"),
        cell=lambda _: cells.text(Email.recipient),
        sort=(Email.recipient_norm,),
        from_width="md",
    ),
    ListColumn(
        name="status",
        label=_l("Status"),
        cell=lambda _: cells.labeled(Email.state, STATES),
        from_width="md",
    ),
    ListColumn(
        name="created",
        label=_l("Created"),
        cell=lambda reader: cells.day_in(tenant(reader.session).time_zone, Email.created_at),
        kind=CellKind.DAY,
        sort=(Email.id,),
        sorts_down_first=True,
        from_width="lg",
    ),
)
EMAILS = DeclaredList(
    name="emails",
    label=_l("Emails"),
    order=_l("newest first"),
    endpoint="emails.index",
    roles=frozenset(MANAGER_ROLES),
    model=Email,
    rows=lambda _: select(Email).where(Email.kind.not_in(EMAIL_KINDS.hidden_from_staff)),
    columns=COLUMNS,
    sort="-created",
    cells="outreach/messages/list_cells.html",
    tabs=tuple(
        ListTab(name=tab.value, label=words, condition=_in_tab(tab)) for tab, words in labels.TABS.items()
    ),
    tabs_label=_l("Emails by status"),
    names_every_tab=True,
    counts_matches=False,
    filters=(
        ListFilter(name="kind", label=_l("Type"), condition=_is_of_kind),
        ListFilter(
            name="state",
            label=_l("Status"),
            condition=_has_outcome,
            words=labels.OUTCOMES,
            goes_to=EmailTab.ALL.value,
        ),
        ListFilter(
            name="reason",
            label=_l("On hold because"),
            condition=_is_held_for,
            words=REASONS,
            goes_to=EmailTab.ON_HOLD.value,
        ),
        ListFilter(
            name="sequence",
            label=_l("Sequence"),
            condition=_is_of_sequence,
            show=_sequence_name,
            is_offered=False,
        ),
        ListFilter(name="step", label=_l("Email number"), condition=_is_step, is_offered=False),
        typed_filter("created", _l("Created"), AttributeType.MOMENT, of_moment(Email.created_at)),
    ),
    search=ListSearch(
        argument="to",
        label=_l("Recipient’s full address"),
        placeholder=_l("name@company.com"),
        condition=lambda _, address: Email.recipient_norm == normalize_email(address),
        shows_chip=True,
    ),
    choices=_choices,
    facts=_facts,
    acts=(bulk_acts.TRY_AGAIN, bulk_acts.CANCEL),
    acts_are_for=bulk_acts.can_be_acted_on,
    lock=queries.lock_emails,
    row_title=lambda email: str(email.recipient_name or email.recipient),
    row_about=lambda email: str(kind_names().get(email.kind, email.kind)),
    row_is_pickable=lambda email: can_retry(email) or can_give_up(email),
)
LISTS = (EMAILS,)
