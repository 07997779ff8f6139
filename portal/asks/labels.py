"""Why somebody cannot be asked now, in words a manager can repeat to a rep."""

from typing import Any

from portal.asks.models import AskKind
from portal.asks.policies import AskRules, AskWeight, BudgetWindow
from portal.asks.translatable import TranslatableText, translatable
from portal.i18n import mark, mark_plural

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
TALKS = {
    BudgetWindow.ACCOUNT: mark_plural(
        "%(count)s call for %(company)s in 90 days",
        "%(count)s calls for %(company)s in 90 days",
    ),
    BudgetWindow.TALKS_30: mark_plural("%(count)s call in 30 days", "%(count)s calls in 30 days"),
    BudgetWindow.TALKS_90: mark_plural("%(count)s call in 90 days", "%(count)s calls in 90 days"),
    BudgetWindow.TALKS_365: mark_plural("%(count)s call in a year", "%(count)s calls in a year"),
}
OWN_TALKS = mark_plural(
    "%(count)s call in 90 days, their own limit", "%(count)s calls in 90 days, their own limit"
)
ATTENTION = {
    BudgetWindow.ATTENTION: mark("would spend over %(minutes)s minutes on our questions in 90 days"),
    BudgetWindow.GUEST_ATTENTION: mark(
        "would spend over %(minutes)s minutes on invitations and surveys in 90 days"
    ),
}


def full_window_reason(
    window: BudgetWindow, rules: AskRules, row: dict[str, Any], kind: AskKind
) -> TranslatableText:
    if window is BudgetWindow.REST:
        return _rest(rules)
    if window is BudgetWindow.FAVOR_TIME:
        return _favor_time(row["limit_minutes"], rules)
    if window in ATTENTION:
        return translatable(ATTENTION[window], minutes=rules.attention_for(kind))
    if window is BudgetWindow.SAME_KIND:
        return _counted(rules.of_own_kind(kind), kind.row.window_words)
    own = row["limit_calls"]
    if window is BudgetWindow.TALKS_90 and own is not None and own <= rules.talks_90:
        return _counted(own, OWN_TALKS)
    most = {
        BudgetWindow.ACCOUNT: rules.account,
        BudgetWindow.TALKS_30: rules.talks_30,
        BudgetWindow.TALKS_90: rules.talks_90,
        BudgetWindow.TALKS_365: rules.talks_365,
    }[window]
    return _counted(most, TALKS[window], company=row["company"])


def too_large_reason(own_minutes: int | None, rules: AskRules, weight: AskWeight) -> TranslatableText:
    limits = [limit for limit in (own_minutes, rules.favor_time) if limit is not None]
    if weight.favor <= min(limits):
        return translatable("this workspace’s limits don’t allow requests of this kind")
    if own_minutes is not None and own_minutes <= rules.favor_time:
        return translatable(
            "gives at most %(minutes)s minutes in 90 days (their own limit)", minutes=own_minutes
        )
    return translatable(
        "we don’t ask anyone for more than %(minutes)s minutes in 90 days", minutes=rules.favor_time
    )


def _rest(rules: AskRules) -> TranslatableText:
    """How long it is, where there is one length of rest alone."""
    lengths = list(rules.kinds_by_rest)
    if len(lengths) > 1:
        return translatable("on a break after their last yes")
    return translatable("on a %(days)s-day break after their last yes", days=lengths[0])


def _favor_time(own: int | None, rules: AskRules) -> TranslatableText:
    if own is not None and own <= rules.favor_time:
        return translatable("would give over %(minutes)s minutes in 90 days, their own limit", minutes=own)
    return translatable("would give over %(minutes)s minutes in 90 days", minutes=rules.favor_time)


def _counted(most: int, forms: tuple[str, str], **params: object) -> TranslatableText:
    count = NUMBERS[most] if most < len(NUMBERS) else most
    return translatable(forms[most != 1], count=count, **params)
