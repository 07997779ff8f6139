"""All that the page of one person shows, read in a few queries."""

from typing import Any

from sqlalchemy.orm import Session

from portal.advocates import consent_verification, labels, queries
from portal.advocates.actions import MAX_INVITATIONS, invitation_refusal
from portal.advocates.address_change_queries import changes_of
from portal.advocates.models import Advocate
from portal.advocates.person_consent_queries import person_consents
from portal.advocates.record_consents import queries as record_consents
from portal.advocates.record_consents import verification as record_verification
from portal.asks.budget_queries import budget_use
from portal.asks.policies import ask_rules
from portal.declarations.pages import RecordLink
from portal.declarations.program_switches import programs_on
from portal.directory.availability import availability, later_kinds
from portal.directory.timeline import timeline_of
from portal.outreach.suppressions.labels import address_status
from portal.outreach.suppressions.queries import suppressions_of


def advocate_detail(session: Session, advocate: Advocate) -> dict[str, Any]:
    rules = ask_rules(session)
    changes = changes_of(session, advocate)
    used = budget_use(session, advocate, rules)
    record, about_records = person_consents(session, advocate.id)
    entries = [(entry, record.texts[entry.text_id]) for entry in record.entries]
    return {
        "advocate": advocate,
        "budget": used,
        "availability": availability(advocate, used.workload, rules),
        "later_kinds": later_kinds(used.free_from, rules),
        "emails": address_status(suppressions_of(session, advocate.email)),
        "agreed": queries.current_consents(entries),
        "consent_entries": entries,
        "about_records": record_consents.current_consents(about_records.lines).values(),
        "about_records_entries": about_records.lines,
        "faults": [
            *(labels.describe_fault(fault) for fault in consent_verification.faults(record)),
            *(labels.describe_record_fault(fault) for fault in record_verification.faults(about_records)),
        ],
        "timeline": timeline_of(
            session, advocate, [each.former_norm for each in changes if each.confirmed_at]
        ),
        "address_change": next((each for each in changes if each.is_open), None),
        "can_invite": can_invite(advocate),
        "next_action": next_action(session),
        "max_invitations": MAX_INVITATIONS,
        "labels": labels,
        "kinds": labels.KIND_NAMES,
    }


def next_action(session: Session) -> RecordLink | None:
    return next((one.advocate_action for one in programs_on(session) if one.advocate_action), None)


def can_invite(advocate: Advocate) -> bool:
    return invitation_refusal(advocate) is None
