"""A rep asks for a reference in under a minute, or logs one that was arranged outside."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Deal
from portal.accounts.names import normal_name
from portal.advocates import queries as people
from portal.asks.models import Kind
from portal.references import actions, matching, queries
from portal.references.actions import Intake
from portal.references.clock import Promises, promises
from portal.references.forms import OutsideForm, RequestForm
from portal.references.matching import LiveCount
from portal.references.models import ReferenceRequest
from portal.references.wishes import Wish
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from tenants.models import Role

FILERS = (Role.REP, Role.MANAGER, Role.ADMIN)
TYPICAL_DAYS = 10  # working days a reference usually has

bp = Blueprint("filing", __name__, url_prefix="/<workspace>/requests/new")


@bp.get("")
@allow(*FILERS)
def new() -> ResponseReturnValue:
    promised = promises(db)
    deal = _deal(request.args.get("deal"))
    form = RequestForm(formdata=None, data=_from_deal(deal, promised))
    return _page(form, deal=deal, typed=request.args.get("find", ""))


@bp.get("/deals")
@allow(*FILERS)
def deals() -> ResponseReturnValue:
    """Only the list, while somebody types; without a script the whole page comes with it."""
    typed = request.args.get("find", "")
    if not is_htmx():
        return redirect(url_for(".new", find=typed), 303)
    return render_template("references/deals.html", found=queries.deals_like(db, typed, member), typed=typed)


@bp.get("/count")
@allow(*FILERS)
def count() -> ResponseReturnValue:
    """Only the number, while the fields are filled in; the page itself brings it along."""
    if not is_htmx():
        return redirect(url_for(".new"), 303)
    return render_template("references/count.html", count=_live(request.args))


@bp.post("")
@allow(*FILERS)
def create() -> ResponseReturnValue:
    form = RequestForm()
    deal = _deal(request.form.get("deal"))
    valid = form.validate_on_submit()
    if not form.must_be_after(_today()) or not valid:
        return _page(form, deal=deal), 422
    filed = actions.submit(db, Intake(**form.wish(), deal_id=deal.id if deal else None), by=member)
    flash(_("Sent. You hear from us within a working day, usually sooner."))
    return redirect(url_for("references.show", request_id=filed.id), 303)


@bp.get("/outside")
@allow(*FILERS)
def outside() -> ResponseReturnValue:
    deal = _deal(request.args.get("deal"))
    form = OutsideForm(formdata=None, data=_from_deal(deal, None))
    return _outside_page(form, deal)


@bp.post("/outside")
@allow(*FILERS)
def log() -> ResponseReturnValue:
    form = OutsideForm()
    deal = _deal(request.form.get("deal"))
    valid = form.validate_on_submit()
    if not form.must_be_past(_today()) or not valid or not _may_be(form):
        return _outside_page(form, deal), 422
    intake = Intake(**form.wish(), deal_id=deal.id if deal else None)
    logged = actions.log_outside(db, intake, form.advocate.data or "", _noon(form), by=member)
    flash(_("Logged. It counts like any other reference; thank you for saying so."))
    return redirect(url_for("references.show", request_id=logged.id), 303)


def _may_be(form: OutsideForm) -> bool:
    """The desk is told of a slip in an address; a rep gets the same answer whether we know it or not."""
    if not member.may(Role.MANAGER, Role.ADMIN) or people.by_address(db, form.advocate.data or ""):
        return True
    form.advocate.errors = [_("We know nobody with this address. Add them among the people first.")]
    return False


def _noon(form: OutsideForm) -> datetime:
    """Somebody remembers the day, not the hour; noon, but never later than now."""
    promised = promises(db)
    noon = datetime.combine(form.needed_by.data or _today(), time(12), promised.calendar.zone).astimezone(UTC)
    return min(noon, promised.now)


def _page(form: RequestForm, *, deal: Deal | None, typed: str = "") -> str:
    known = queries.names_in_use(db)
    return render_template(
        "references/new.html",
        form=form.offer(known["region"]),
        known=known,
        deal=deal,
        typed=typed,
        found=queries.deals_like(db, typed, member) if typed else [],
        running=_running(form, deal),
        count=_live(form.data),
    )


def _outside_page(form: OutsideForm, deal: Deal | None) -> str:
    known = queries.names_in_use(db)
    return render_template(
        "references/outside.html", form=form.offer(known["region"]), deal=deal, known=known
    )


def _running(form: RequestForm, deal: Deal | None) -> list[ReferenceRequest]:
    """What is asked for already, said before it is asked for twice."""
    prospect = form.prospect.data or ""
    return list(queries.open_like(db, prospect, deal.id if deal else None)) if prospect else []


def _live(given: Any) -> LiveCount | None:
    """How many could do what is filled in so far; nothing while nothing is."""
    texts: dict[str, Any] = {name: str(given.get(name) or "").strip()[:200] for name in LIVE}
    if not any(texts[name] for name in ("product", "industry", "region")):
        return None
    texts["prospect_norm"] = normal_name(texts["prospect"])
    kind = Kind(given["kind"]) if given.get("kind") in set(Kind) else Kind.CALL
    return matching.live_count(db, Wish(kind=kind, **texts))


LIVE = ("prospect", "product", "industry", "region", "use_case", "persona", "company_size", "language")


def _from_deal(deal: Deal | None, promised: Promises | None) -> dict[str, Any]:
    given: dict[str, Any] = {"kind": Kind.CALL.value, "wanted": 1, "language": "en"}
    if promised is not None:
        today = promised.calendar.today(promised.now)
        given["needed_by"] = promised.calendar.days_after(today, TYPICAL_DAYS)
    if deal is not None:
        names = ("prospect", "product", "industry", "region", "competitor")
        given |= {name: getattr(deal, name) for name in names}
    return given


def _deal(text: str | None) -> Deal | None:
    try:
        return queries.deal(db, UUID(text)) if text else None
    except ValueError:
        return None


def _today() -> date:
    promised = promises(db)
    return promised.calendar.today(promised.now)
