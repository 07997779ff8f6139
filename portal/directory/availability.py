"""Can this person be asked? One status in words, and the one reason that counts most; and for what later."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from operator import itemgetter

from flask_babel import gettext as _

from portal.accounts.labels import UNHEALTHY_NOTES
from portal.accounts.models import Account
from portal.accounts.renewal_and_health import is_renewal_near, is_unhealthy
from portal.advocates.ask_kinds import AskKind
from portal.advocates.labels import KIND_NAMES, PROVENANCE, STATES
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.asks.budget_queries import Workload
from portal.asks.policies import AskRules
from portal.badges import StatusBadge
from portal.declarations.programs import PROGRAMS
from portal.text import mid_sentence
from portal.web.filters import day


def availability(person: Advocate, workload: Workload, rules: AskRules) -> StatusBadge:
    return next(_badges(person, workload, rules))


def later_kinds(free_from: Mapping[AskKind, date], rules: AskRules) -> list[tuple[str, date]]:
    """Return the kinds other than calls for which somebody has to wait, in words, each with the day."""
    waits = {kind: on for kind, on in free_from.items() if kind in PROGRAMS.ask_kinds and on > rules.today}
    in_order = sorted(waits.items(), key=itemgetter(1))
    return [(mid_sentence(str(KIND_NAMES[kind])), on) for kind, on in in_order]


def _badges(person: Advocate, workload: Workload, rules: AskRules) -> Iterator[StatusBadge]:
    yield from _state_badges(person)
    if workload.answer_due_on:
        yield StatusBadge(
            _("Asked, no answer yet"), "now", "send", _("Answer due %(day)s", day=day(workload.answer_due_on))
        )
    if ConsentPurpose.CALLS.value not in person.consents:
        yield StatusBadge(_("Not for calls"), "", "phone-off", _consent_note(person))
    if person.account and rules.of(AskKind.CALL).pauses_with_account:
        yield from _account_badges(person.account, rules)
    if person.available_from and person.available_from > rules.today:
        yield StatusBadge(
            _("From %(day)s", day=day(person.available_from)), "", "clock", _later_reason(workload)
        )
    own = _("Own limit: %(n)s min of favors", n=workload.favor_time.limit) if workload.has_own_limit else ""
    yield StatusBadge(_("Free now"), "good", "circle-check", own)


def _state_badges(person: Advocate) -> Iterator[StatusBadge]:
    badge = STATES[person.state]
    if person.state is AdvocateState.PAUSED:
        until = person.paused_until
        yield replace(badge, note=_("Until %(day)s", day=day(until)) if until else _("Until they resume"))
    elif person.state is AdvocateState.INVITED:
        yield replace(badge, note=_("On %(day)s", day=day(person.invited_at)))
    elif person.state is AdvocateState.PENDING:
        yield replace(badge, note=str(PROVENANCE[person.provenance]))
    elif person.state is not AdvocateState.ENROLLED:
        yield badge


def _account_badges(account: Account, rules: AskRules) -> Iterator[StatusBadge]:
    not_now = StatusBadge(_("Not now"), "warn", "alert-triangle")
    if is_unhealthy(account):
        yield replace(not_now, note=UNHEALTHY_NOTES[account.health])
    if is_renewal_near(account, rules.today, rules.renewal_days):
        yield replace(not_now, note=_("Renewal on %(day)s", day=day(account.renewal_on)))


def _later_reason(workload: Workload) -> str:
    if workload.favor_time.is_full:
        return _("Own limit reached") if workload.has_own_limit else _("Contact limit reached")
    return _("Already asked recently")


def _consent_note(person: Advocate) -> str:
    return _("Agreed to other requests only") if person.consents else _("No consent yet")
