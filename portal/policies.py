"""Settings of a workspace: declared by the feature that reads them, stored here, changed by an admin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, UniqueConstraint, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import history, outbox
from portal.declarations.registry import DeclaredTwice
from portal.errors import DomainError
from portal.outbox import Message
from tenants.base import TenantOwned
from tenants.models import Membership


@dataclass(frozen=True)
class Policy:
    """A whole number with bounds, named `feature.what`, and the words an admin reads.

    It is listed under its feature, or under a group of its own. A label may leave a blank for what it is `about`.
    """

    name: str
    default: int
    label: str
    hint: str
    low: int
    high: int
    group: str = ""
    is_listed: bool = True  # on the page of limits; else it has a page of its own
    about: str = ""

    @property
    def feature(self) -> str:
        return self.group or self.name.partition(".")[0]


@dataclass(frozen=True)
class PolicyPair:
    """Two numbers of which the second may not be less; `refusal` is what an admin reads beside it."""

    first: Policy
    second: Policy
    refusal: str


class PolicyAction(history.HistoryAction):
    CHANGED = "policy_changed"
    WORKSPACE_CHANGED = "workspace_changed"  # what is a column of the workspace: name, color, time zone


POLICIES: dict[str, Policy] = {}
PAIRS: list[PolicyPair] = []
CACHE_KEY = "policies"  # where a session keeps what it read
TIME_ZONE = "workspace.time_zone"  # among the changes; portal/zone_changes.py reads them


@dataclass(frozen=True)
class PolicyChanged(Message):
    """A workspace has another number from now on; what waits by the old one may look again."""

    value_id: UUID


def declare(
    name: str,
    default: int,
    label: str,
    hint: str = "",
    *,
    low: int = 0,
    high: int = 100_000,
    group: str = "",
    is_listed: bool = True,
    about: str = "",
) -> Policy:
    """Declare a setting; this call marks its labels for extraction."""
    if name in POLICIES:
        raise DeclaredTwice(f"There are two settings called “{name}”.")
    POLICIES[name] = Policy(name, default, label, hint, low, high, group, is_listed, about)
    return POLICIES[name]


def listed() -> list[Policy]:
    return [policy for policy in POLICIES.values() if policy.is_listed]


def declare_order(second: Policy, first: Policy, refusal: str) -> None:
    """Declare that two settings belong together; the caller marks the refusal for extraction."""
    PAIRS.append(PolicyPair(first, second, refusal))


def violated_pairs(values: Mapping[str, int]) -> list[PolicyPair]:
    return [pair for pair in PAIRS if values[pair.second.name] < values[pair.first.name]]


class PolicyValue(TenantOwned):
    """A workspace's own value; no row means the default."""

    __tablename__ = "policies"
    rules = (UniqueConstraint("tenant_id", "name"),)
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)


def value(session: Session, policy: Policy) -> int:
    return int(_stored(session).own.get(policy.name, policy.default))


def values(session: Session) -> dict[str, int]:
    own = _stored(session).own
    return {name: int(own.get(name, policy.default)) for name, policy in POLICIES.items()}


def values_at(session: Session, policy: Policy, moments: Sequence[datetime]) -> list[int]:
    """Return the value at each moment: what an admin changes later leaves the past as it was counted."""
    changes, now = previous_values(session, policy.name), value(session, policy)
    return [next((int(before) for at, before in changes if at >= moment), now) for moment in moments]


def previous_values(session: Session, name: str) -> list[tuple[datetime, Any]]:
    return [(at, before) for changed, at, before in _stored(session).changes if changed == name]


@dataclass(frozen=True)
class StoredPolicies:
    """The workspace's own values, and what each was before it changed, oldest first."""

    own: dict[str, Any]
    changes: list[tuple[str, datetime, Any]]


def _own_and_changes() -> CompoundSelect[Any]:
    """The own values; and what the history says of settings: their name, what they were before, when it changed."""
    told = history.HistoryEntry
    before = select(told.detail["name"].astext, told.detail["before"], told.created_at)
    zones = select(literal(TIME_ZONE), told.detail["before", "time_zone"], told.created_at)
    return union_all(
        select(PolicyValue.name, PolicyValue.value, null()),
        before.where(told.action == PolicyAction.CHANGED),
        zones.where(
            told.action == PolicyAction.WORKSPACE_CHANGED, told.detail["before"].has_key("time_zone")
        ),
    )


_OWN_AND_CHANGES = _own_and_changes()  # built once: nearly every transaction asks this


def _stored(session: Session) -> StoredPolicies:
    if CACHE_KEY not in session.info:
        rows = session.execute(_OWN_AND_CHANGES).all()
        session.info[CACHE_KEY] = StoredPolicies(
            {name: value for name, value, at in rows if at is None},
            sorted(((name, at, value) for name, value, at in rows if at), key=itemgetter(1)),
        )
    found: StoredPolicies = session.info[CACHE_KEY]
    return found


def change(session: Session, policy: Policy, new: int, *, by: Membership) -> None:
    if not policy.low <= new <= policy.high:
        raise DomainError(
            "Please choose a number from %(low)s to %(high)s.", low=policy.low, high=policy.high
        )
    row = session.scalar(select(PolicyValue).where(PolicyValue.name == policy.name))
    before = policy.default if row is None else int(row.value)
    if row is None:
        session.add(row := PolicyValue(name=policy.name))
    row.value = new
    session.info.pop(CACHE_KEY, None)
    session.flush()
    history.record(session, row, PolicyAction.CHANGED, by=by, name=policy.name, before=before, after=new)
    outbox.publish(session, PolicyChanged(row.id))
