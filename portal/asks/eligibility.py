"""When asks pause by themselves, whatever the budget says. No override lifts these."""

from collections.abc import Iterator

from portal.accounts.models import Account
from portal.accounts.renewal_and_health import is_renewal_near, is_unhealthy
from portal.advocates.asked_person import Askable
from portal.advocates.models import AdvocateState
from portal.asks import labels
from portal.asks.conflicts import CompanyConflict
from portal.asks.models import Ask
from portal.asks.policies import AskRules
from portal.asks.translatable import TranslatableText, translatable


def refusal_reason(
    ask: Ask,
    advocate: Askable,
    account: Account | None,
    rules: AskRules,
    conflict: CompanyConflict | None = None,
) -> TranslatableText | None:
    """Return the first reason why this person is not asked, or None.

    `conflict`: of their company with the one it helps.
    """
    return next(_refusal_reasons(ask, advocate, account, rules, conflict), None)


def _refusal_reasons(
    ask: Ask, advocate: Askable, account: Account | None, rules: AskRules, conflict: CompanyConflict | None
) -> Iterator[TranslatableText]:
    if advocate.state is not AdvocateState.ENROLLED:
        yield _state_reason(advocate)
    kind = ask.kind.row
    if kind.purpose not in advocate.consents:
        yield translatable(kind.missing_consent)
    if kind.needs_willingness and ask.kind not in advocate.accepted_ask_kinds:
        yield translatable(kind.unwilling)
    if account is not None:
        yield from _conflict_reasons(ask, account, conflict)
        yield from _company_reasons(account, rules) if rules.of(ask.kind).pauses_with_account else ()


def _state_reason(advocate: Askable) -> TranslatableText:
    if advocate.state is not AdvocateState.PAUSED:
        return translatable("isn’t in the program")
    if advocate.paused_until:
        return translatable("is paused until %(day)s", day=advocate.paused_until)
    return translatable("is paused")


def _conflict_reasons(
    ask: Ask, account: Account, conflict: CompanyConflict | None
) -> Iterator[TranslatableText]:
    company, other = account.name, ask.helps_name
    if conflict is CompanyConflict.COMPETES:
        yield translatable(
            "works at %(company)s, which competes with %(other)s", company=company, other=other
        )
    elif conflict and ask.helps_name_norm == account.name_norm:
        yield translatable("works at %(company)s, the prospect", company=company)
    elif conflict:
        yield translatable(
            "works at %(company)s, which is in the same group as %(other)s", company=company, other=other
        )


def _company_reasons(account: Account, rules: AskRules) -> Iterator[TranslatableText]:
    if is_unhealthy(account):
        yield translatable(labels.UNHEALTHY_REASONS[account.health], company=account.name)
    if is_renewal_near(account, rules.today, rules.renewal_days):
        yield translatable(
            "works at %(company)s, which renews on %(day)s", company=account.name, day=account.renewal_on
        )
