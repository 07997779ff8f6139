"""The list of suppressed addresses."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

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
from portal.exports import cells
from portal.outreach.suppressions import labels, queries
from portal.outreach.suppressions.address_hashes import address_hashes
from portal.outreach.suppressions.models import Suppression, SuppressionReason
from portal.outreach.suppressions.queries import CausingEmail, SuppressionTab
from tenants.database import tenant
from tenants.models import MANAGER_ROLES

ACTIVE, LIFTED = SuppressionTab.ACTIVE.value, SuppressionTab.LIFTED.value
REASONS = {reason.value: badge.word for reason, badge in labels.REASONS.items()}


def _has_address(reader: ListReader, address: str) -> ColumnElement[bool]:
    """An erased address is found by whoever knows it."""
    return Suppression.address_hash.in_(address_hashes(reader.session, address))


def _day(reader: ListReader) -> ColumnElement[str]:
    since = func.coalesce(Suppression.lifted_at, Suppression.created_at)
    return cells.day_in(tenant(reader.session).time_zone, since)


def _causes(reader: ListReader, rows: Sequence[Suppression]) -> Mapping[UUID, CausingEmail]:
    return queries.causing_emails(reader.session, rows)


SUPPRESSED = DeclaredList(
    name="suppressed",
    label=_l("Suppressed addresses"),
    order=_l("newest first"),
    endpoint="suppressions.index",
    roles=frozenset(MANAGER_ROLES),
    model=Suppression,
    rows=lambda _: select(Suppression),
    columns=(
        ListColumn(
            name="address",
            label=_l("Address"),
            place=Place.ALWAYS,
            cell=lambda _: cells.text(Suppression.address),
            sort=(func.coalesce(Suppression.address, ""),),
        ),
        ListColumn(
            name="reason",
            label=_l("Reason"),
            cell=lambda _: cells.labeled(Suppression.reason, REASONS),
            sort=(Suppression.reason,),
        ),
        ListColumn(
            name="note", label=_l("Note"), place=Place.FILE, cell=lambda _: cells.text(Suppression.note)
        ),
        ListColumn(
            name="since",
            label=_l("Since"),
            cell=_day,
            kind=CellKind.DAY,
            sort=(Suppression.id,),
            sorts_down_first=True,
            from_width="md",
            tab_labels={LIFTED: _l("Removed")},
        ),
        ListColumn(name="email", label=_l("After this email"), from_width="lg"),
    ),
    sort="-since",
    cells="outreach/suppressions/list_cells.html",
    tabs=(
        ListTab(
            name=ACTIVE,
            label=labels.TABS[SuppressionTab.ACTIVE],
            condition=lambda _: Suppression.lifted_at.is_(None),
        ),
        ListTab(
            name=LIFTED,
            label=labels.TABS[SuppressionTab.LIFTED],
            condition=lambda _: Suppression.lifted_at.is_not(None),
        ),
    ),
    tabs_label=_l("Addresses by status"),
    filters=(
        ListFilter(
            name="reason",
            label=_l("Reason"),
            condition=lambda reason: (
                Suppression.reason == SuppressionReason(reason) if reason in set(SuppressionReason) else None
            ),
            words=REASONS,
        ),
    ),
    search=ListSearch(
        argument="to",
        label=_l("Full address"),
        placeholder=_l("name@company.com"),
        condition=_has_address,
        shows_chip=True,
    ),
    facts=_causes,
)
LISTS = (SUPPRESSED,)
