"""Everything an admin can set, as a list to search in."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal import policies
from portal.custom_fields.queries import field_uses
from portal.declarations.program_switches import programs_on
from portal.declarations.programs import PROGRAMS
from portal.outreach.senders.dns_checks import domain_checks
from portal.outreach.senders.labels import summary
from portal.outreach.senders.queries import get_sender, identity_of
from portal.policies import Policy
from portal.tags.queries import offered_tags
from portal.web.filters import number
from portal.workspace.labels import feature_label, feature_labels, policy_label
from tenants.models import Tenant


@dataclass(frozen=True)
class SettingRow:
    group: str
    title: str
    text: str
    value: str
    href: str

    def matches(self, search: str) -> bool:
        return all(
            word in f"{self.group} {self.title} {self.text}".casefold() for word in search.casefold().split()
        )


def setting_groups(
    session: Session, workspace: Tenant, search: str = ""
) -> list[tuple[str, list[SettingRow]]]:
    lines = [line for line in _rows(session, workspace) if line.matches(search)]
    return [(group, list(rows)) for group, rows in groupby(lines, key=lambda line: line.group)]


def grouped_policies() -> list[tuple[str, list[Policy]]]:
    declared = sorted(policies.listed(), key=lambda policy: _rank(policy.feature))
    return [
        (feature, list(of_feature))
        for feature, of_feature in groupby(declared, key=lambda policy: policy.feature)
    ]


def _rank(feature: str) -> int:
    order = [*feature_labels(), *dict.fromkeys(policy.feature for policy in policies.listed())]
    return order.index(feature)


def _policy_value(policy: Policy, value: int) -> str:
    if (policy.low, policy.high) == (0, 1):
        return _("On") if value else _("Off")
    return str(number(value))


def _rows(session: Session, workspace: Tenant) -> Iterator[SettingRow]:
    here, brand = _("Workspace"), url_for("workspace.edit_brand")
    yield SettingRow(
        here,
        _("People and roles"),
        _("Invite colleagues, change roles, remove people"),
        "",
        url_for("people.index"),
    )
    yield SettingRow(
        here, _("Name and brand"), _("Name, color and logo on pages and emails"), workspace.name, brand
    )
    yield SettingRow(
        here, _("Time zone"), _("Used for dates, deadlines and quarters"), workspace.time_zone, brand
    )
    yield SettingRow(here, _("Currency"), _("Used for amounts without a currency"), workspace.currency, brand)
    yield SettingRow(
        here, _("Postal address"), _("Shown at the bottom of every email"), workspace.postal_address, brand
    )
    yield SettingRow(
        here,
        _("Join page"),
        _("Where customers join on their own, open to everyone or with a code"),
        _("Open") if workspace.join_open else _("Closed"),
        url_for("workspace.edit_join_page"),
    )
    yield _programs_row(session, here)
    yield from _data_rows(session)
    yield from _sender_rows(session, workspace)
    yield from _policy_rows(policies.values(session))


def _programs_row(session: Session, group: str) -> SettingRow:
    return SettingRow(
        group,
        _("Programs"),
        _("What this workspace uses: switched off, a program leaves the menu and asks no one"),
        _("%(on)s of %(all)s on", on=len(programs_on(session)), all=len(PROGRAMS)),
        url_for("programs.index"),
    )


def _data_rows(session: Session) -> Iterator[SettingRow]:
    group = _("Accounts and people")
    yield SettingRow(
        group,
        _("Tags"),
        _("Words for accounts and people: add, rename or retire them"),
        str(number(len(offered_tags(session)))),
        url_for("tags.index"),
    )
    yield SettingRow(
        group,
        _("Custom fields"),
        _("Texts, numbers, choices and dates that only your program needs"),
        str(number(sum(not each.field.is_retired for each in field_uses(session)))),
        url_for("custom_fields.index"),
    )
    yield SettingRow(
        group,
        _("Answers in review audiences"),
        _("What people say when they join, and what you state about where it comes from"),
        "",
        url_for("attribute_statements.index"),
    )


def _sender_rows(session: Session, workspace: Tenant) -> Iterator[SettingRow]:
    emails, own = _("Emails"), get_sender(session)
    chapters = domain_checks(own, current_app.config["SETTINGS"].mail_url)
    yield SettingRow(
        emails,
        _("Sender of emails"),
        _("Sender name and address, reply address, your own SendGrid account and key"),
        identity_of(own, workspace).address,
        url_for("senders.edit"),
    )
    yield SettingRow(
        emails,
        _("Your domain’s records"),
        _("SPF, DKIM and DMARC: what to set up and what we found"),
        summary(own, chapters),
        url_for("senders.dns"),
    )


def _policy_rows(values: dict[str, int]) -> Iterator[SettingRow]:
    for feature, of_feature in grouped_policies():
        for policy in of_feature:
            anchor = url_for("policies.index", _anchor=policy.name.replace(".", "_"))
            yield SettingRow(
                feature_label(feature),
                policy_label(policy),
                _(policy.hint) if policy.hint else "",
                _policy_value(policy, values[policy.name]),
                anchor,
            )
