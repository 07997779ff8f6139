"""Who of an audience is asked, and the first reason why somebody is not: in SQL, for a preview and for the draw.

Health, renewal, scores and answers choose and order nobody. Only kinds that wait for a company look at it; an ask
for a review, an invitation or a survey never does (`pauses_with_account` in portal/advocates/ask_kinds.py).
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Subquery,
    Text,
    any_,
    case,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account
from portal.accounts.name_normalization import normal_name
from portal.accounts.renewal_and_health import has_near_renewal, has_unhealthy_account
from portal.advocates.ask_kinds import AskKind
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState, ConsentPurpose
from portal.asks.budget_windows import (
    exceeds_limit,
    given_by_company,
    given_by_person,
    talks_over_year_limit,
    window_free_days,
)
from portal.asks.conflicts import is_competitor, is_own_group
from portal.asks.models import TALKS
from portal.asks.policies import AskRules, ask_rules
from portal.campaigns.models import LeftOut
from portal.campaigns.suppressed import suppressed_people
from portal.declarations.campaigns import AskedKind, CampaignPart, Conditions
from portal.errors import DomainError
from portal.paging import KeysetPage, paginate
from portal.segments.audience import fingerprint_of, people_in
from portal.segments.review_rule import check_for_reviews, check_origin


class AudienceChanged(DomainError):
    """After the preview: whoever started it saw other people."""


Reasons = dict[LeftOut, ColumnElement[bool]]


def check_reviewable(session: Session, part: CampaignPart, record: Any) -> None:
    """Nothing that comes from satisfaction decides who is asked for a review.

    Looked at when it is started, drawn and approved: what a tag or a list carries may change in between.
    """
    if AskKind(part.kind).purpose is ConsentPurpose.REVIEWS:
        check_origin(session, part.audience_origin(session, record))
        check_for_reviews(session, part.audience(session, record))


def check_unchanged(session: Session, part: CampaignPart, record: Any, seen: str) -> None:
    """`seen`: the fingerprint as it was started; blank where that was before anybody kept it."""
    if seen and seen != fingerprint_of(session, part.audience(session, record)):
        raise AudienceChanged("Who is in this audience was changed after the preview. Look again and start.")


def people_of(session: Session, part: CampaignPart, record: Any) -> Conditions:
    """Whoever is in the audience of a record now."""
    return [people_in(session, part.audience(session, record))]


def judged(session: Session, part: AskedKind, people: Conditions, helps: str = "") -> Subquery:
    """Everybody in the program whom `people` chooses: `id`, and `reason` why they are left out, if any.

    `helps`: the company that is helped, by its normal name; none, where the ask helps nobody in particular.
    """
    rules, kind = ask_rules(session), AskKind(part.kind)
    weight = rules.weight_of(kind)
    given, year, company = given_by_person(rules, kind), talks_over_year_limit(rules), given_by_company(rules)
    free = func.greatest(*window_free_days(rules, weight, given, year, company).values())
    reasons = left_out(session, part, people, rules, helps)
    reasons[LeftOut.BUDGET] = or_(exceeds_limit(rules, weight), free > rules.today)
    whens = ((condition, literal(reason.value)) for reason, condition in reasons.items())
    chosen = select(Advocate.id, case(*whens, else_=null()).label("reason"))
    chosen = chosen.outerjoin_from(Advocate, Account, Account.id == Advocate.account_id)
    chosen = chosen.outerjoin(given, given.c.advocate_id == Advocate.id)
    if kind in TALKS:
        chosen = chosen.outerjoin(year, year.c.advocate_id == Advocate.id)
        chosen = chosen.outerjoin(company, company.c.account_id == Advocate.account_id)
    return chosen.where(Advocate.state.in_(IN_PROGRAM), *people).subquery("judged")


def left_out(session: Session, part: AskedKind, people: Conditions, rules: AskRules, helps: str) -> Reasons:
    """In the order of `LeftOut`."""
    kind, purpose = AskKind(part.kind), AskKind(part.kind).purpose
    reasons: Reasons = {
        LeftOut.PAUSED: Advocate.state != AdvocateState.ENROLLED,
        LeftOut.CONSENT: not_(literal(purpose.value) == any_(Advocate.consents)),
    }
    if kind.row.needs_willingness:
        reasons[LeftOut.UNWILLING] = not_(literal(kind.value) == any_(Advocate.accepted_ask_kinds))
    suppressed = suppressed_people(session, people, purpose.value)
    reasons |= {
        reason: _is_among(suppressed.get(reason, ())) for reason in (LeftOut.OPTED_OUT, LeftOut.UNREACHABLE)
    }
    reasons[LeftOut.LATELY] = part.asked_lately(session)
    if company := _company_reasons(kind, rules, helps):
        reasons[LeftOut.COMPANY] = or_(*company)
    return reasons


def _company_reasons(kind: AskKind, rules: AskRules, helps: str) -> Conditions:
    """Its health and renewal, where the kind of ask waits for them; and whom the ask would help against it."""
    tied = (is_own_group(helps), func.coalesce(is_competitor(helps), False)) if helps else ()
    if not rules.of(kind).pauses_with_account:
        return tied
    return (has_unhealthy_account(), has_near_renewal(rules.today, rules.renewal_days), *tied)


def helped_company(record: object) -> str:
    """Its normal name, as an ask about this record has it (portal/asks/new_ask.py)."""
    return normal_name(str(getattr(record, "prospect", "")))


def _is_among(addresses: Sequence[str]) -> ColumnElement[bool]:
    return Advocate.email_norm == any_(literal(list(addresses), ARRAY(Text)))


def audience_counts(session: Session, part: AskedKind, people: Conditions, helps: str = "") -> dict[str, int]:
    """How many are asked, under the empty name, and how many are left out by each reason."""
    return dict(session.execute(counted_by_reason(session, part, people, helps)).all())


def counted_by_reason(
    session: Session, part: AskedKind, people: Conditions, helps: str = ""
) -> Select[str, int]:
    reason = func.coalesce(judged(session, part, people, helps).c.reason, "").label("first_reason")
    return select(reason, func.count().label("people")).group_by(reason)


def can_anybody_be_asked(session: Session, part: CampaignPart, people: Conditions) -> bool:
    free = judged(session, part, people)
    return session.scalar(select(free.c.id).where(free.c.reason.is_(None)).limit(1)) is not None


def askable_people(session: Session, part: CampaignPart, people: Conditions) -> Sequence[UUID]:
    free = judged(session, part, people)
    return session.scalars(select(free.c.id).where(free.c.reason.is_(None)).order_by(free.c.id)).all()


def audience_people(
    session: Session, part: CampaignPart, people: Conditions, reason: str, cursor: str | None
) -> KeysetPage[Advocate]:
    """Those who are left out by this reason; an empty one: those who are asked."""
    chosen = judged(session, part, people)
    theirs = select(chosen.c.id).where(func.coalesce(chosen.c.reason, "") == reason)
    found = select(Advocate).where(Advocate.id.in_(theirs)).options(joinedload(Advocate.account))
    return paginate(session, found, key=(Advocate.name_sort, Advocate.id), cursor=cursor)
