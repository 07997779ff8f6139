"""All that the page of one person shows, read in a few queries."""

from typing import Any

from sqlalchemy.orm import Session

from portal.advocates import consent_check, consent_records, labels, queries
from portal.advocates.actions import BETWEEN_INVITATIONS, MOST_INVITATIONS
from portal.advocates.address_change import changes_of
from portal.advocates.models import Advocate
from portal.asks.windows import rules as budget_rules
from portal.outreach.suppression.labels import standing as letters_standing
from portal.outreach.suppression.queries import of_address
from portal.pool.budget import Budget, budget
from portal.pool.burden import Burden
from portal.pool.standing import standing
from portal.pool.timeline import of_person
from portal.references.words import KINDS
from tenants.clock import utc_now


def portrait(session: Session, advocate: Advocate) -> dict[str, Any]:
    rules = budget_rules(session)
    spent = budget(session, advocate, rules)
    changes = changes_of(session, advocate)
    record = consent_records.of(session, advocate.id)
    ledger = [(entry, record.words[entry.words_id]) for entry in record.entries]
    return {
        "advocate": advocate,
        "budget": spent,
        "standing": standing(advocate, _burden(advocate, spent), rules),
        "letters": letters_standing(of_address(session, advocate.email)),
        "agreed": queries.agreed_words(ledger),
        "ledger": ledger,
        "faults": [labels.fault_words(fault) for fault in consent_check.faults(record)],
        "timeline": of_person(session, advocate, [each.former_norm for each in changes if each.confirmed_at]),
        "address_change": next((each for each in changes if each.is_open), None),
        "may_invite": may_invite(advocate),
        "most_invitations": MOST_INVITATIONS,
        "labels": labels,
        "kinds": KINDS,
    }


def may_invite(advocate: Advocate) -> bool:
    waited = advocate.invited_at is None or advocate.invited_at <= utc_now() - BETWEEN_INVITATIONS
    return advocate.invitations < MOST_INVITATIONS and waited


def _burden(advocate: Advocate, spent: Budget) -> Burden:
    is_own = advocate.limit_minutes is not None and spent.minutes.most == advocate.limit_minutes
    return Burden(spent.minutes.given, spent.minutes.most, is_own, spent.answer_by)
