"""Why somebody cannot be asked now, in words a manager can repeat to a rep."""

from typing import Any

from portal.asks.models import Kind
from portal.asks.sentences import Sentence, sentence
from portal.asks.windows import Rules, Window

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
KINDS = {
    Kind.WRITTEN: ("%(count)s written reference in 30 days", "%(count)s written references in 30 days"),
    Kind.QUOTE: ("%(count)s quote in 30 days", "%(count)s quotes in 30 days"),
    Kind.RFP: ("%(count)s RFP answer in 30 days", "%(count)s RFP answers in 30 days"),
}
TALKS = {
    Window.ACCOUNT: (
        "%(count)s talk for %(company)s in 90 days",
        "%(count)s talks for %(company)s in 90 days",
    ),
    Window.TALKS_30: ("%(count)s talk in 30 days", "%(count)s talks in 30 days"),
    Window.TALKS_90: ("%(count)s talk in 90 days", "%(count)s talks in 90 days"),
    Window.TALKS_365: ("%(count)s talk in a year", "%(count)s talks in a year"),
}
OWN_TALKS = ("%(count)s talk in 90 days, the own limit", "%(count)s talks in 90 days, the own limit")


def why_full(window: Window, rules: Rules, row: dict[str, Any], kind: Kind) -> Sentence:
    if window is Window.REST:
        return sentence("rests for %(days)s days after the last yes", days=rules.rest_days)
    if window is Window.MINUTES:
        return _minutes(row["limit_minutes"], rules)
    if window is Window.SAME_KIND:
        return _counted(rules.same_kind, KINDS[kind])
    own = row["limit_calls"]
    if window is Window.TALKS_90 and own is not None and own <= rules.talks_90:
        return _counted(own, OWN_TALKS)
    most = {
        Window.ACCOUNT: rules.account,
        Window.TALKS_30: rules.talks_30,
        Window.TALKS_90: rules.talks_90,
        Window.TALKS_365: rules.talks_365,
    }[window]
    return _counted(most, TALKS[window], company=row["company"])


def too_large(own_minutes: int | None, rules: Rules, minutes: int) -> Sentence:
    """Why no waiting helps."""
    limits = [limit for limit in (own_minutes, rules.minutes) if limit is not None]
    if minutes <= min(limits):
        return sentence("the workspace's own rules allow no ask of this kind")
    if own_minutes is not None and own_minutes <= rules.minutes:
        return sentence("gives at most %(minutes)s minutes in 90 days, the own limit", minutes=own_minutes)
    return sentence("nobody is asked for more than %(minutes)s minutes in 90 days", minutes=rules.minutes)


def _minutes(own: int | None, rules: Rules) -> Sentence:
    if own is not None and own <= rules.minutes:
        return sentence("would pass %(minutes)s minutes in 90 days, the own limit", minutes=own)
    return sentence("would pass %(minutes)s minutes in 90 days", minutes=rules.minutes)


def _counted(most: int, forms: tuple[str, str], **params: object) -> Sentence:
    count = NUMBERS[most] if most < len(NUMBERS) else most
    return sentence(forms[most != 1], count=count, **params)
