"""When asks pause by themselves, whatever the budget says. No override opens these doors."""

from collections.abc import Iterator
from datetime import timedelta

from portal.accounts.models import Account, Health
from portal.advocates.models import Advocate
from portal.advocates.models import State as Standing
from portal.asks.models import Ask, Kind
from portal.asks.sentences import Sentence, sentence
from portal.asks.ties import Tie
from portal.asks.windows import Rules

TROUBLED = frozenset({Health.RED, Health.YELLOW})
AGREED_TO = {
    Kind.CALL: "has not agreed to reference calls",
    Kind.SITE_VISIT: "has not agreed to site visits",
    Kind.WRITTEN: "has not agreed to be named in writing",
    Kind.QUOTE: "has not agreed to be quoted",
    Kind.SPEAKING: "has not agreed to speak at events",
    Kind.RFP: "has not agreed to be named in RFP answers",
}
UNWILLING = {
    Kind.CALL: "would rather not give reference calls",
    Kind.SITE_VISIT: "would rather not host site visits",
    Kind.WRITTEN: "would rather not write references",
    Kind.QUOTE: "would rather not be quoted",
    Kind.SPEAKING: "would rather not speak at events",
    Kind.RFP: "would rather not answer RFPs",
}


def paused(
    ask: Ask, advocate: Advocate, account: Account | None, rules: Rules, tied: Tie | None = None
) -> Sentence | None:
    """The first reason why this person is not asked this, or None. `tied`: the company to the one it helps."""
    return next(_reasons(ask, advocate, account, rules, tied), None)


def _reasons(
    ask: Ask, advocate: Advocate, account: Account | None, rules: Rules, tied: Tie | None
) -> Iterator[Sentence]:
    if advocate.state is not Standing.ENROLLED:
        yield _standing(advocate)
    if ask.kind.purpose not in advocate.consents:
        yield sentence(AGREED_TO[ask.kind])
    if ask.kind not in advocate.willing:
        yield sentence(UNWILLING[ask.kind])
    if account is not None:
        yield from _tied(ask, account, tied)
        yield from _company(account, rules)


def _standing(advocate: Advocate) -> Sentence:
    if advocate.state is not Standing.PAUSED:
        return sentence("is not in the programme")
    if advocate.paused_until:
        return sentence("takes a break and is back on %(day)s", day=advocate.paused_until)
    return sentence("takes a break")


def _tied(ask: Ask, account: Account, tied: Tie | None) -> Iterator[Sentence]:
    company, other = account.name, ask.subject
    if tied is Tie.COMPETES:
        yield sentence("works at %(company)s, which competes with %(other)s", company=company, other=other)
    elif tied and ask.subject_norm == account.name_norm:
        yield sentence("works at %(company)s itself", company=company)
    elif tied:
        yield sentence("works at %(company)s, which belongs with %(other)s", company=company, other=other)


def _company(account: Account, rules: Rules) -> Iterator[Sentence]:
    if account.health in TROUBLED:
        yield sentence(
            "works at %(company)s, whose health is %(health)s", company=account.name, health=account.health
        )
    if account.renewal_on and rules.today <= account.renewal_on <= rules.today + timedelta(
        days=rules.renewal_days
    ):
        yield sentence(
            "works at %(company)s, which renews on %(day)s", company=account.name, day=account.renewal_on
        )
