"""The page of preferences. A GET shows; a POST withdraws, pauses or resumes, whatever the age of the link."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import links
from portal.advocates import address_change_queries, consent_form, labels, queries
from portal.advocates.actions import pause as pause_person
from portal.advocates.actions import resume
from portal.advocates.forms import ConsentsForm
from portal.advocates.models import Advocate, AdvocateMove, AdvocateState
from portal.errors import BadLink, NotFound
from portal.links import LinkPurpose
from portal.outreach.preferences import actions
from portal.outreach.preferences.forms import PauseMeForm
from portal.outreach.suppressions.queries import unsubscribed_from
from portal.outreach.suppressions.unsubscribe_actions import ALL_PURPOSES
from portal.web.access import signed
from portal.web.current import db, link, source
from portal.web.filters import day

bp = Blueprint("preferences", __name__, url_prefix="/u/<token>")


@bp.get("")
@signed(LinkPurpose.PREFERENCES)
def show() -> ResponseReturnValue:
    _refuse_former_address()
    return _page(queries.get(db, link.row_id), PauseMeForm(formdata=None))


@bp.post("")
@signed(LinkPurpose.PREFERENCES)
def withdraw() -> ResponseReturnValue:
    advocate, form = _locked_reader(), ConsentsForm()
    shown = consent_form.consent_boxes(db, advocate)
    form.set_consent_choices(box.text for box in shown)
    if not form.validate_on_submit():
        return _page(advocate, PauseMeForm(formdata=None)), 422
    unchecked = actions.unchecked_boxes(shown, form.consent_text_ids.data or [])
    actions.withdraw(db, advocate, unchecked, source())
    return _redirect_with(
        _("Saved. We won’t ask you for what you withdrew.")
        if unchecked
        else _("Nothing changed: your choices stay as they are.")
    )


@bp.post("/pause")
@signed(LinkPurpose.PREFERENCES)
def pause() -> ResponseReturnValue:
    advocate, form = _locked_reader(), PauseMeForm()
    if not form.validate_on_submit():
        return _page(advocate, form), 422
    until = form.pause_until()
    pause_person(db, advocate, until)
    return _redirect_with(_("Paused. We won’t ask you for anything new before %(day)s.", day=day(until)))


@bp.post("/return")
@signed(LinkPurpose.PREFERENCES)
def end_pause() -> ResponseReturnValue:
    advocate = _locked_reader()
    if advocate.state is not AdvocateState.PAUSED:
        return _redirect_with(_("You aren’t paused."))
    resume(db, advocate)
    return _redirect_with(_("Welcome back. We may ask you again."))


@bp.post("/silence")
@signed(LinkPurpose.PREFERENCES)
def unsubscribe_from_all() -> ResponseReturnValue:
    actions.unsubscribe_from_all(db, _locked_reader(), source())
    return _redirect_with(_("Done. We won’t ask you for anything again."))


def _locked_reader() -> Advocate:
    """Lock for a change: two presses of one button, or a manager at the same moment, take turns."""
    _refuse_former_address()
    found = queries.lock_advocate(db, link.row_id)
    if found is None:
        raise NotFound("We couldn’t find this person.")
    return found


def _refuse_former_address() -> None:
    """Refuse links to a mailbox that is the person's no more; all others work, however old they are."""
    if address_change_queries.is_of_former_address(db, link.row_id, link.version):
        raise BadLink(
            "This link was sent to an address that’s no longer in use here. Please use the newest email "
            "you got."
        )


def _page(advocate: Advocate, form: PauseMeForm) -> str:
    held = [box for box in consent_form.consent_boxes(db, advocate) if box.agreed_at]
    has_ended = ALL_PURPOSES in unsubscribed_from(db, advocate.email)
    return render_template(
        "outreach/preferences/show.html",
        advocate=advocate,
        boxes=held,
        pause_form=form,
        labels=labels,
        address=_address(),
        is_in=advocate.is_in_program,
        gets_no_emails=not held and (has_ended or AdvocateMove.REFUSE not in advocate.moves),
    )


def _address() -> str:
    token = links.token(link.purpose, link.tenant_id, link.row_id, link.version)
    return url_for(".show", token=token)


def _redirect_with(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(_address(), 303)
