"""Home: what needs the reader, by role. An advocate's home is the list of asks."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.labels import HEALTH_BADGES
from portal.advocates import queries as advocates
from portal.asks.calendar_days import today as today_in
from portal.campaigns.campaign_page import approvals_share, troubles_share
from portal.declarations.home import RoleHome
from portal.declarations.program_switches import programs_at_home, programs_on
from portal.home import action_items, agenda, headline_figures, owner_home, program_shares, queries
from portal.metrics.calculations import report
from portal.metrics.views import rows_url
from portal.outreach.messages import alarms
from portal.reporting.periods import PeriodChoice
from portal.web.access import allow, can_open
from portal.web.current import db, member
from tenants.clock import utc_now
from tenants.models import MANAGER_ROLES, Role

bp = Blueprint("home", __name__, url_prefix="/<workspace>")


@bp.get("/")
@allow(*Role)
def show() -> ResponseReturnValue:
    if not member.name:
        return redirect(url_for("own_name.edit"), 303)
    if member.has_role(*MANAGER_ROLES):
        return _manager_home()
    if member.has_role(Role.REP, Role.OWNER):
        return _rep_and_owner_home()
    return redirect(url_for("asks.mine"), 303)


def _manager_home() -> str:
    now = utc_now()
    asked = program_shares.program_questions(db, programs_at_home(db), now)
    pending = queries.pending_work(db, today_in(db), asked.all)
    if pending.is_new:
        return render_template("home/getting_started.html")
    shares = asked.shares(db, member, now, pending.answers)
    shares += [approvals_share(db, pending.approvals, member), troubles_share(db, pending.troubled)]
    raised = alarms.raised_alarms(db, pending.emails)
    return render_template(
        "home/manager.html",
        action_items=action_items.action_items(shares, pending, raised),
        overflow_links=action_items.overflow_links(shares, pending),
        title=action_items.title(action_items.count(shares, pending, raised)),
        lede=" ".join(sentence for share in shares for sentence in share.sentences),
        all_clear=next((one.home.all_clear for one in programs_on(db) if one.home.all_clear), None),
        agenda=agenda.merge(shares),
        now=now,
        figures=headline_figures.headline_figures(report(db, PeriodChoice.QUARTER), rows_url),
    )


def _rep_and_owner_home() -> str:
    """A rep's work in each program, an owner's accounts; whoever is both sees both."""
    is_rep, is_owner, today = member.has_role(Role.REP), member.has_role(Role.OWNER), utc_now().date()
    parts = _rep_parts() if is_rep else []
    customers = queries.owned_accounts(db, member, today) if is_owner else []
    shares = [one.home.for_owners(db, member, utc_now()) for one in programs_at_home(db)] if is_owner else []
    return render_template(
        "home/rep_and_owner.html",
        title=_title(parts, customers, sum(share.total for share in shares), is_rep=is_rep),
        lede="" if is_rep else owner_home.owner_lede(customers, today),
        is_rep=is_rep,
        is_owner=is_owner,
        parts=parts,
        action_items=[item for share in shares for item in share.items],
        overflow_links=[link for share in shares for link in share.more],
        actions=[action for home in parts for action in home.part.actions if can_open(action.endpoint)],
        customers=customers,
        health=HEALTH_BADGES if owner_home.has_known_health(customers) else {},
        nominations=advocates.nominations(db, member, most=10),
        now=utc_now(),
    )


def _rep_parts() -> list[RoleHome]:
    found = (program.home.for_reps(db, member) for program in programs_on(db))
    return [part for part in found if part is not None]


def _title(
    parts: list[RoleHome], customers: Sequence[queries.OwnedAccount], waiting: int, *, is_rep: bool
) -> str:
    if parts:
        return parts[0].title
    if waiting:
        return action_items.title(waiting)
    return _("Home") if is_rep else owner_home.owner_title(customers, utc_now().date())
