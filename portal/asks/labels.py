"""An ask in words: where it stands, why it was declined or withdrawn, why somebody cannot be asked now."""

from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.accounts.models import Health
from portal.asks.answer_codes import DeclineReason, NoteCode
from portal.asks.history_actions import AskAction
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.policies import AskRules, AskWeight, BudgetWindow
from portal.asks.rest_after_yes import kinds_by_rest
from portal.asks.translatable import TranslatableText, translatable
from portal.declarations.withdrawal_reasons import WITHDRAWAL_REASONS, WithdrawalReason
from portal.i18n import mark, mark_plural
from portal.number_words import number_word
from portal.web.refusal_text import name_states

STATES = {  # after what was asked: "Reference call for Initech: said yes"
    AskState.PROPOSED: _l("proposed"),
    AskState.SENT: _l("asked, no answer yet"),
    AskState.ACCEPTED: _l("said yes"),
    AskState.COMPLETED: _l("done"),
    AskState.NOT_HELD: _l("didn’t take place"),
    AskState.DECLINED: _l("said no"),
    AskState.EXPIRED: _l("no answer in time"),
    AskState.RELEASED: _l("asked, the outcome isn’t tracked"),
    AskState.WITHDRAWN: _l("withdrawn"),
}
name_states(STATES)
HISTORY_ACTIONS = {
    AskAction.SENT: _l("Asked"),
    AskAction.ACCEPTED: _l("Said yes"),
    AskAction.DECLINED: _l("Said no"),
    AskAction.EXPIRED: _l("No answer in time"),
    AskAction.COMPLETED: _l("Done"),
    AskAction.RELEASED: _l("Asked, the outcome isn’t tracked"),
    AskAction.NOT_HELD: _l("Didn’t take place"),
    AskAction.WITHDRAWN: _l("Withdrawn"),
    AskAction.LOGGED: _l("Arranged outside Goodword"),
    AskAction.BUDGET_OVERRIDDEN: _l("Asked over the limit"),
    AskAction.QUESTION_ASKED: _l("Asked a question first"),
    AskAction.DISMISSED: _l("Hidden from their list"),
}
OWN_TEXT = "%(text)s"  # as it was written
DECLINE_REASONS = {  # as a manager reads them
    DeclineReason.TOO_BUSY: mark("too busy right now"),
    DeclineReason.NOT_NOW: mark("not now"),
    DeclineReason.NOT_ME: mark("not the right person"),
    DeclineReason.NOT_THEM: mark("would rather not help this company"),
    DeclineReason.NOT_ALLOWED: mark("the employer doesn’t allow it"),
    DeclineReason.TOO_OFTEN: mark("too many requests lately"),
    DeclineReason.OTHER: mark("something else"),
    DeclineReason.NO: mark("no"),
    DeclineReason.EARLIER: OWN_TEXT,
}
LEFT_PROGRAM = WithdrawalReason("left_program", mark("The person left the program"))
IN_WORDS = WithdrawalReason("in_words", OWN_TEXT)  # of whoever withdrew it
EARLIER = WithdrawalReason("earlier", OWN_TEXT)  # from before there were codes
REASONS_OF_EVERY_ASK = (LEFT_PROGRAM, IN_WORDS, EARLIER)
NOTES = {
    NoteCode.SUGGESTS_COLLEAGUE: mark("Suggests %(colleague)s."),
    NoteCode.WOULD_STILL_HELP: mark("Would still help."),
}
UNHEALTHY_REASONS = {
    Health.RED: mark("works at %(company)s, whose health is red"),
    Health.YELLOW: mark("works at %(company)s, whose health is yellow"),
}
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


class EndedAsk(Protocol):
    """A row of the ledger, or what a timeline reads of one."""

    @property
    def decline_reason(self) -> DeclineReason | None: ...

    @property
    def withdrawal_reason(self) -> str | None: ...

    @property
    def reason_text(self) -> str: ...


def decline_text(reason: DeclineReason, text: str = "") -> str:
    """In the middle of a sentence."""
    return _(DECLINE_REASONS[reason], text=text)


def reason_text(ask: EndedAsk) -> str:
    """Why it was declined or withdrawn; empty where neither happened."""
    if ask.decline_reason is not None:
        return decline_text(ask.decline_reason, ask.reason_text)
    if ask.withdrawal_reason is not None:
        declared = WITHDRAWAL_REASONS.find(ask.withdrawal_reason)
        return _(declared.text if declared else OWN_TEXT, text=ask.reason_text)  # a program may be gone
    return ""


def reason_sentence(ask: EndedAsk) -> str:
    """A sentence of its own: "Too busy right now."."""
    said = reason_text(ask).strip()
    return said[:1].upper() + said[1:] + ("" if said[-1:] in ".!?" else ".") if said else ""


def note_text(ask: Ask) -> str:
    """The person's own words, then what the answer says beside them."""
    more = _(NOTES[ask.note_code], **ask.note_params) if ask.note_code else ""
    return " ".join(part for part in (ask.note, more) if part)


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
    lengths = list(kinds_by_rest(rules))
    if len(lengths) > 1:
        return translatable("on a break after their last yes")
    return translatable("on a %(days)s-day break after their last yes", days=lengths[0])


def _favor_time(own: int | None, rules: AskRules) -> TranslatableText:
    if own is not None and own <= rules.favor_time:
        return translatable("would give over %(minutes)s minutes in 90 days, their own limit", minutes=own)
    return translatable("would give over %(minutes)s minutes in 90 days", minutes=rules.favor_time)


def _counted(most: int, forms: tuple[str, str], **params: object) -> TranslatableText:
    return translatable(forms[most != 1], count=LazyString(number_word, most), **params)
