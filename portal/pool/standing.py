"""Can this person be asked? One status in words, and the one reason that counts most."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from portal.accounts.models import Account, Health
from portal.advocates.labels import PROVENANCE, STATES
from portal.advocates.models import Advocate, Purpose, State
from portal.asks.windows import Rules
from portal.pool.burden import Burden
from portal.web.filters import day


@dataclass(frozen=True)
class Standing:
    word: Any
    tone: str
    icon: str
    note: str = ""


def standing(person: Advocate, burden: Burden, rules: Rules) -> Standing:
    return next(_all(person, burden, rules))


def _all(person: Advocate, burden: Burden, rules: Rules) -> Iterator[Standing]:
    yield from _membership(person)
    if burden.answer_by:
        yield Standing(_("Ask is out"), "now", "send", _("Answers by %(day)s", day=day(burden.answer_by)))
    if Purpose.CALLS.value not in person.consents:
        yield Standing(_("Not for calls"), "", "phone-off", _agreed(person))
    if person.account:
        yield from _company(person.account, rules)
    if person.free_from and person.free_from > rules.today:
        yield Standing(_("From %(day)s", day=day(person.free_from)), "", "clock", _why_later(burden))
    own = _("Own limit: %(n)s min", n=burden.limit) if burden.own_limit else ""
    yield Standing(_("Free now"), "good", "circle-check", own)


def _membership(person: Advocate) -> Iterator[Standing]:
    word, tone, icon = STATES[person.state]
    if person.state is State.PAUSED:
        until = person.paused_until
        yield Standing(
            word, tone, icon, _("Back on %(day)s", day=day(until)) if until else _("Until they come back")
        )
    elif person.state is State.INVITED:
        yield Standing(word, tone, icon, _("On %(day)s", day=day(person.invited_at)))
    elif person.state is State.PENDING:
        yield Standing(_("Waits for you"), tone, icon, str(PROVENANCE[person.provenance]))
    elif person.state is not State.ENROLLED:
        yield Standing(word, tone, icon)


def _company(account: Account, rules: Rules) -> Iterator[Standing]:
    if account.health is Health.RED:
        yield Standing(_("Not now"), "warn", "alert-triangle", _("Account health is red"))
    if account.health is Health.YELLOW:
        yield Standing(_("Not now"), "warn", "alert-triangle", _("Account health is yellow"))
    renewal = account.renewal_on
    if renewal and rules.today <= renewal <= rules.today + timedelta(days=rules.renewal_days):
        yield Standing(_("Not now"), "warn", "alert-triangle", _("Renewal on %(day)s", day=day(renewal)))


def _why_later(burden: Burden) -> str:
    if burden.minutes >= burden.limit:
        return _("Own limit reached") if burden.own_limit else _("Budget is full")
    return _("Resting after the last ask")


def _agreed(person: Advocate) -> str:
    return _("Agreed to other things") if person.consents else _("Agreed to nothing yet")
