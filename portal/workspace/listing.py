"""Everything an admin can set, as a list to search in."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal import policies
from portal.outreach.senders.judging import chapters_of
from portal.outreach.senders.labels import in_short
from portal.outreach.senders.queries import sender, whom
from portal.policies import Policy
from portal.web.filters import number
from portal.workspace.words import FEATURES, feature_words
from tenants.models import Tenant


@dataclass(frozen=True)
class Line:
    group: str
    title: str
    text: str
    value: str
    href: str

    def holds(self, sought: str) -> bool:
        return all(
            word in f"{self.group} {self.title} {self.text}".casefold() for word in sought.casefold().split()
        )


def groups(session: Session, workspace: Tenant, sought: str = "") -> list[tuple[str, list[Line]]]:
    """Lines by group, in the order of the pages; with `sought` only those that hold all its words."""
    lines = [line for line in _lines(session, workspace) if line.holds(sought)]
    return [(group, list(found)) for group, found in groupby(lines, key=lambda line: line.group)]


def grouped_policies() -> list[tuple[str, list[Policy]]]:
    """By feature: what touches advocates first, what only counts last."""
    declared = sorted(policies.POLICIES.values(), key=lambda policy: _rank(policy.feature))
    return [(feature, list(found)) for feature, found in groupby(declared, key=lambda policy: policy.feature)]


def _rank(feature: str) -> int:
    order = [*FEATURES, *dict.fromkeys(policy.feature for policy in policies.POLICIES.values())]
    return order.index(feature)


def _value(policy: Policy, value: int) -> str:
    if (policy.low, policy.high) == (0, 1):
        return _("On") if value else _("Off")
    return str(number(value))


def _lines(session: Session, workspace: Tenant) -> Iterator[Line]:
    here, brand = _("The workspace"), url_for("workspace.edit_brand")
    yield Line(
        here,
        _("People and roles"),
        _("Invite colleagues, give roles, end a membership"),
        "",
        url_for("people.index"),
    )
    yield Line(
        here, _("Name and brand"), _("Name, colour and logo on pages and letters"), workspace.name, brand
    )
    yield Line(
        here, _("Time zone"), _("Days, deadlines and quarters are counted in it"), workspace.time_zone, brand
    )
    yield Line(here, _("Currency"), _("For amounts that name none"), workspace.currency, brand)
    yield Line(here, _("Postal address"), _("Stands under every letter"), workspace.postal_address, brand)
    yield Line(
        here,
        _("Join page"),
        _("Where customers join by themselves, open to all or with a code"),
        _("Open") if workspace.join_open else _("Closed"),
        url_for("workspace.edit_join_page"),
    )
    yield from _letter_lines(session, workspace)
    yield from _policy_lines(policies.values(session))


def _letter_lines(session: Session, workspace: Tenant) -> Iterator[Line]:
    letters, own = _("Letters"), sender(session)
    chapters = chapters_of(own, current_app.config["SETTINGS"].mail_url)
    yield Line(
        letters,
        _("Sender of letters"),
        _("Name and address your readers see, where answers go, your own SendGrid account and its key"),
        whom(own, workspace).address,
        url_for("senders.edit"),
    )
    yield Line(
        letters,
        _("Your domain's records"),
        _("SPF, DKIM and DMARC in the DNS: what to set, and what was found"),
        in_short(own, chapters),
        url_for("senders.dns"),
    )


def _policy_lines(values: dict[str, int]) -> Iterator[Line]:
    for feature, found in grouped_policies():
        for policy in found:
            anchor = url_for("policies.index", _anchor=policy.name.replace(".", "_"))
            yield Line(
                feature_words(feature),
                _(policy.label),
                _(policy.hint) if policy.hint else "",
                _value(policy, values[policy.name]),
                anchor,
            )
