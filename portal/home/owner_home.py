"""The home of account owners in words."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.models import Health
from portal.home.queries import OwnedAccount
from portal.web.filters import day_year

RENEWS_SOON = timedelta(days=90)  # a renewal that is near


def owner_title(customers: Sequence[OwnedAccount], today: date) -> str:
    near = len(_near(customers, today))
    if near:
        return ngettext("One of your accounts renews soon", "%(num)d of your accounts renew soon", near)
    return _("No renewals coming up") if customers else _("Your accounts")


def owner_lede(customers: Sequence[OwnedAccount], today: date) -> str:
    if not customers:
        return ""
    first = [_first(one) for one in _near(customers, today)[:1]]
    enrolled = sum(one.enrolled for one in customers)
    helping = ngettext(
        "%(num)d person from your accounts is in the program.",
        "%(num)d people from your accounts are in the program.",
        enrolled,
    )
    nobody = _("No one from your accounts is in the program yet. Nominate a happy customer.")
    return " ".join([*first, helping if enrolled else nobody])


def has_known_health(customers: Sequence[OwnedAccount]) -> bool:
    return any(one.account.health is not Health.UNKNOWN for one in customers)


def _near(customers: Sequence[OwnedAccount], today: date) -> list[OwnedAccount]:
    until = today + RENEWS_SOON
    return [one for one in customers if one.account.renewal_on and today <= one.account.renewal_on <= until]


def _first(customer: OwnedAccount) -> str:
    when = day_year(customer.account.renewal_on)
    return _("%(company)s is first, on %(day)s.", company=customer.account.name, day=when)
