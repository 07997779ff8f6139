"""A rep asks for a reference in under a minute, or logs one that was arranged outside."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Deal
from portal.advocates import queries as people
from portal.asks.models import AskKind
from portal.references import queries as references_queries
from portal.references.criteria import MatchCriteria
from portal.references.matching import queries as matching_queries
from portal.references.matching.queries import MatchCount
from portal.references.models import ReferenceRequest
from portal.references.requests import actions
from portal.references.requests.forms import OffPlatformForm, RequestForm
from portal.references.service_levels import ServiceLevels, service_levels
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from tenants.models import MANAGER_ROLES, Role

FILERS = (Role.REP, *MANAGER_ROLES)
TYPICAL_DAYS = 10  # working days a reference usually has

bp = Blueprint("new_request", __name__, url_prefix="/<workspace>/requests/new")


@bp.get("")
@allow(*FILERS)
def new() -> ResponseReturnValue:
    promised = service_levels(db)
    deal = _deal(request.args.get("deal"))
    form = RequestForm(formdata=None, data=_from_deal(deal, promised))
    return _page(form, deal=deal, typed=request.args.get("find", ""))


@bp.get("/deals")
@allow(*FILERS)
def deals() -> ResponseReturnValue:
    typed = request.args.get("find", "")
    if not is_htmx():
        return redirect(url_for(".new", find=typed), 303)
    return render_template(
        "references/requests/deals.html", found=references_queries.find_deals(db, typed, member), typed=typed
    )


@bp.get("/count")
@allow(*FILERS)
def match_count() -> ResponseReturnValue:
    if not is_htmx():
        return redirect(url_for(".new"), 303)
    return render_template("references/requests/match_count.html", count=_match_count(request.args))


@bp.post("")
@allow(*FILERS)
def create() -> ResponseReturnValue:
    form = RequestForm()
    deal = _deal(request.form.get("deal"))
    valid = form.validate_on_submit()
    if not form.is_not_past(_today()) or not valid:
        return _page(form, deal=deal), 422
    filed = actions.submit(db, form.submission(deal.id if deal else None), by=member)
    flash(_("Sent. You’ll hear from us within one working day, usually sooner."))
    return redirect(url_for("references.show", request_id=filed.id), 303)


@bp.get("/off-platform")
@bp.get("/outside", alias=True)
@allow(*FILERS)
def off_platform() -> ResponseReturnValue:
    deal = _deal(request.args.get("deal"))
    form = OffPlatformForm(formdata=None, data=_from_deal(deal, None))
    return _outside_page(form, deal)


@bp.post("/off-platform")
@allow(*FILERS)
def log_off_platform() -> ResponseReturnValue:
    form = OffPlatformForm()
    deal = _deal(request.form.get("deal"))
    valid = form.validate_on_submit()
    if not form.is_past(_today()) or not valid or not _may_be(form):
        return _outside_page(form, deal), 422
    submission = form.submission(deal.id if deal else None)
    logged = actions.log_off_platform(db, submission, form.advocate.data or "", _noon(form), by=member)
    flash(_("Logged. It counts like any other reference. Thank you!"))
    return redirect(url_for("references.show", request_id=logged.id), 303)


def _may_be(form: OffPlatformForm) -> bool:
    """Tell the desk of a slip in an address; a rep gets the same answer whether we know it or not."""
    if not member.has_role(*MANAGER_ROLES) or people.by_address(db, form.advocate.data or ""):
        return True
    form.advocate.errors = [_("We don’t know this address. Ask the program team to add the person first.")]
    return False


def _noon(form: OffPlatformForm) -> datetime:
    """Somebody remembers the day, not the hour; noon, but never later than now."""
    promised = service_levels(db)
    noon = datetime.combine(form.needed_by.data or _today(), time(12), promised.calendar.zone).astimezone(UTC)
    return min(noon, promised.now)


def _page(form: RequestForm, *, deal: Deal | None, typed: str = "") -> str:
    known = references_queries.known_values(db)
    return render_template(
        "references/requests/new.html",
        form=form.set_choices(known["region"]),
        known=known,
        deal=deal,
        typed=typed,
        found=references_queries.find_deals(db, typed, member) if typed else [],
        running=_similar_requests(form, deal),
        count=_match_count(form.data),
    )


def _outside_page(form: OffPlatformForm, deal: Deal | None) -> str:
    known = references_queries.known_values(db)
    return render_template(
        "references/requests/off_platform.html",
        form=form.set_choices(known["region"]),
        deal=deal,
        known=known,
    )


def _similar_requests(form: RequestForm, deal: Deal | None) -> list[ReferenceRequest]:
    """What is asked for already, said before it is asked for twice."""
    prospect = form.prospect.data or ""
    return (
        list(references_queries.similar_open_requests(db, prospect, deal.id if deal else None))
        if prospect
        else []
    )


def _match_count(answers: Mapping[str, Any]) -> MatchCount | None:
    """How many could do what is filled in so far; nothing while nothing is."""
    criteria = replace(MatchCriteria.read(answers), contact_time_zone="")
    if not (criteria.product or criteria.industry or criteria.region):
        return None
    return matching_queries.count_matches(db, criteria)


def _from_deal(deal: Deal | None, promised: ServiceLevels | None) -> dict[str, Any]:
    defaults: dict[str, Any] = {"kind": AskKind.CALL.value, "references_needed": 1, "language": "en"}
    if promised is not None:
        today = promised.calendar.today(promised.now)
        defaults["needed_by"] = promised.calendar.days_after(today, TYPICAL_DAYS)
    if deal is not None:
        names = ("prospect", "product", "industry", "region", "competitor")
        defaults |= {name: getattr(deal, name) for name in names}
    return defaults


def _deal(text: str | None) -> Deal | None:
    try:
        return references_queries.deal(db, UUID(text)) if text else None
    except ValueError:
        return None


def _today() -> date:
    promised = service_levels(db)
    return promised.calendar.today(promised.now)
