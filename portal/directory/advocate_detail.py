"""All that the page of one person shows, read in a few queries."""

from typing import Any

from sqlalchemy.orm import Session

from portal.advocates import consent_records, consent_verification, labels, queries
from portal.advocates.actions import INVITATION_INTERVAL, MAX_INVITATIONS
from portal.advocates.address_change import changes_of
from portal.advocates.models import Advocate
from portal.asks.budget_use import BudgetUse, budget_use
from portal.asks.limits import ask_rules as budget_rules
from portal.directory.availability import availability
from portal.directory.timeline import timeline_of
from portal.directory.workload import Workload
from portal.outreach.suppressions.labels import address_status
from portal.outreach.suppressions.queries import suppressions_of
from portal.references.labels import KINDS
from tenants.clock import utc_now


def advocate_detail(session: Session, advocate: Advocate) -> dict[str, Any]:
    rules = budget_rules(session)
    use = budget_use(session, advocate, rules)
    changes = changes_of(session, advocate)
    record = consent_records.record_of(session, advocate.id)
    entries = [(entry, record.texts[entry.text_id]) for entry in record.entries]
    return {
        "advocate": advocate,
        "budget": use,
        "availability": availability(advocate, _workload(advocate, use), rules),
        "emails": address_status(suppressions_of(session, advocate.email)),
        "agreed": queries.current_consents(entries),
        "consent_entries": entries,
        "faults": [labels.describe_fault(fault) for fault in consent_verification.faults(record)],
        "timeline": timeline_of(
            session, advocate, [each.former_norm for each in changes if each.confirmed_at]
        ),
        "address_change": next((each for each in changes if each.is_open), None),
        "can_invite": can_invite(advocate),
        "max_invitations": MAX_INVITATIONS,
        "labels": labels,
        "kinds": KINDS,
    }


def can_invite(advocate: Advocate) -> bool:
    waited = advocate.invited_at is None or advocate.invited_at <= utc_now() - INVITATION_INTERVAL
    return advocate.invitation_count < MAX_INVITATIONS and waited


def _workload(advocate: Advocate, use: BudgetUse) -> Workload:
    is_own = advocate.limit_minutes is not None and use.minutes.limit == advocate.limit_minutes
    return Workload(use.minutes.used, use.minutes.limit, is_own, use.answer_due_on)
