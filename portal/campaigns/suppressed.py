"""Whose address gets no such emails, found by the hash of the address as whoever delivers them finds it."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ARRAY, Text, any_, literal, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import IN_PROGRAM, Advocate
from portal.campaigns.models import LeftOut
from portal.declarations.campaigns import Conditions
from portal.outreach.suppressions.blocking import ReasonAndPurpose
from portal.outreach.suppressions.models import HARD_REASONS, SuppressionReason
from portal.outreach.suppressions.queries import active_suppressions, suppressed_spellings


def suppression_reason(held: Collection[ReasonAndPurpose], purpose: str) -> LeftOut | None:
    applying = {reason for reason, about in held if reason in HARD_REASONS or about in ("", purpose)}
    if SuppressionReason.OPTED_OUT in applying:
        return LeftOut.OPTED_OUT
    return LeftOut.UNREACHABLE if applying else None


def suppressed_people(session: Session, people: Conditions, purpose: str) -> Mapping[LeftOut, list[str]]:
    """Their addresses, by reason. Hashes are worked out for those alone who may be meant by one."""
    spellings = suppressed_spellings(session)
    if spellings is not None and not spellings:
        return {}
    theirs = select(Advocate.email_norm).outerjoin(Account, Account.id == Advocate.account_id)
    theirs = theirs.where(Advocate.state.in_(IN_PROGRAM), *people)
    if spellings is not None:
        theirs = theirs.where(Advocate.email_norm == any_(literal(sorted(spellings), ARRAY(Text))))
    found: defaultdict[LeftOut, list[str]] = defaultdict(list)
    for address, held in active_suppressions(session, session.scalars(theirs).all()).items():
        if reason := suppression_reason(held, purpose):
            found[reason].append(address)
    return found
