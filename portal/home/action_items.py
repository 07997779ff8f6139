"""What needs a manager's attention, one line each: status, reason, and the one thing to do."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.advocates.models import Advocate, Provenance
from portal.asks.models import Ask
from portal.badges import StatusBadge
from portal.declarations.home import ActionItem, HomeShare
from portal.home.queries import PendingWork
from portal.number_words import first_number_word
from portal.outreach.messages.alarm_labels import notice
from portal.outreach.messages.alarms import RaisedAlarm
from portal.web.filters import day


def of_person(person: Advocate, nominated_by: str | None) -> ActionItem:
    who = {"name": person.name, "about": _about(person)}
    if person.provenance is Provenance.NOMINATED:
        title = _("%(by)s nominated %(name)s", by=nominated_by or _("A colleague"), name=person.name)
    else:
        title = _("%(name)s would like to join", name=person.name)
    text = _("%(about)s. We won’t ask them for anything until you approve.", **who)
    href = url_for("directory.show", advocate_id=person.id)
    return ActionItem(StatusBadge(_("Needs approval"), "now", "user-check"), title, text, href, _("Review"))


def of_emails(count: int) -> ActionItem:
    title = ngettext("%(num)d email wasn’t sent", "%(num)d emails weren’t sent", count)
    text = _("Open them to see why. The recipients haven’t heard from you yet.")
    return ActionItem(
        StatusBadge(_("Not sent"), "warn", "mail-exclamation"),
        title,
        text,
        url_for("emails.index"),
        _("See the emails"),
    )


def of_collisions(count: int) -> ActionItem:
    return ActionItem(
        StatusBadge(_("Duplicate"), "warn", "users"),
        ngettext(
            "%(num)d email address belongs to two people",
            "%(num)d email addresses belong to two people each",
            count,
        ),
        _(
            "Two spellings of one address were saved as two people. Decide which one to keep; nothing was merged."
        ),
        url_for("address_collisions.index"),
        _("Review"),
    )


def of_alarm(raised: RaisedAlarm) -> ActionItem:
    alarm_notice = notice(raised)
    href, action = alarm_notice.href or url_for("emails.index"), alarm_notice.action or _("See details")
    return ActionItem(alarm_notice.status, alarm_notice.title, alarm_notice.text, href, action)


def of_over_budget(ask: Ask) -> ActionItem:
    who = {"name": ask.advocate.name, "until": day(ask.advocate.available_from), "why": ask.override_reason}
    return ActionItem(
        StatusBadge(_("Over limit"), "warn", "alert-triangle"),
        _("%(name)s was asked more than the limit allows", **who),
        _("Reason: “%(why)s”. They’re free again on %(until)s.", **who),
        url_for("directory.show", advocate_id=ask.advocate_id),
        _("See what was asked"),
    )


def action_items(
    shares: Sequence[HomeShare],
    pending: PendingWork,
    alarms: Sequence[RaisedAlarm] = (),
) -> list[ActionItem]:
    emails = [of_emails(pending.stuck_emails)] if pending.stuck_emails else []
    collisions = [of_collisions(pending.collisions)] if pending.collisions else []
    return [
        *(of_alarm(one) for one in alarms),
        *(item for share in shares for item in share.items),
        *(of_person(person, by) for person, by in pending.people),
        *emails,
        *collisions,
        *(of_over_budget(ask) for ask in pending.over_budget),
    ]


def count(
    shares: Sequence[HomeShare],
    pending: PendingWork,
    alarms: Sequence[RaisedAlarm],
) -> int:
    programs = sum(share.total for share in shares)
    stuck = bool(pending.stuck_emails) + bool(pending.collisions)
    return programs + pending.pending + stuck + len(pending.over_budget) + len(alarms)


def title(count: int) -> str:
    if not count:
        return _("Nothing needs your attention")
    return ngettext(
        "%(number)s thing needs your attention",
        "%(number)s things need your attention",
        count,
        number=first_number_word(count),
    )


def overflow_links(shares: Sequence[HomeShare], pending: PendingWork) -> list[tuple[str, str]]:
    people = pending.pending - len(pending.people)
    text = ngettext("%(num)d more person to approve", "%(num)d more people to approve", people)
    more = [(text, url_for("directory.index", state="pending"))] if people else []
    return [*(link for share in shares for link in share.more), *more]


def _about(person: Advocate) -> str:
    company = person.account.name if person.account else person.company
    if person.title and company:
        return _("%(title)s at %(company)s", title=person.title, company=company)
    return person.title or company or person.email
