"""The public pages: the join page, its confirmation, the invitation. A GET shows, a POST acts."""

import hmac
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal import links, policies
from portal.advocates import actions, join_code_limits, joining_actions, labels, queries
from portal.advocates.ask_kind_policies import favor_minutes
from portal.advocates.consent_texts import current_texts
from portal.advocates.forms import AnswerInvitationForm, JoinForm
from portal.advocates.models import Advocate, AdvocateState, JoinRequest
from portal.advocates.profile import Preferences
from portal.errors import BadLink, Throttled
from portal.links import LinkPurpose
from portal.safe_text import safe_name
from portal.signin import stranger_email_limits
from portal.web import resend_link
from portal.web.access import public, signed
from portal.web.current import db, link, source, tenant

bp = Blueprint("joining", __name__)
INVITABLE = frozenset({AdvocateState.CANDIDATE, AdvocateState.PENDING, AdvocateState.INVITED})


@bp.get("/join/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    if not tenant.join_open:
        return _closed_page()
    return _join_page(_with_choices(JoinForm()))


@bp.post("/join/<slug>")
@public
def submit(slug: str) -> ResponseReturnValue:
    if not tenant.join_open:
        return _closed_page()
    form = _with_choices(JoinForm())
    if not form.validate_on_submit():
        return _join_page(form), 422
    try:
        return _submit(form)
    except Throttled as refusal:
        form.form_errors.append(_(refusal.message))
        return _join_page(form), 429


def _submit(form: JoinForm) -> ResponseReturnValue:
    """Whether an email leaves is not said: somebody else may have caused as many as this address gets in a day."""
    if tenant.join_code and not _has_code(form):
        return _join_page(form)  # no refusal: the wrong code is counted, and a refusal would be rolled back
    submission = form.submission()
    if stranger_email_limits.count_email(db, submission.contact.email, source()):
        joining_actions.submit_join_request(db, submission, network_address=source())
    return redirect(url_for(".sent", slug=tenant.slug), 303)


@bp.get("/join/<slug>/sent")
@bp.get("/join/<slug>/letter", alias=True)
@public
def sent(slug: str) -> ResponseReturnValue:
    return render_template("advocates/join_sent.html")


@bp.get("/join/confirm/<token>")
@signed(LinkPurpose.JOIN)
def confirmation() -> ResponseReturnValue:
    join_request = _join_request()
    if join_request.confirmed_at is not None and join_request.advocate_id is not None:
        return _result_page(queries.get(db, join_request.advocate_id))
    if joining_actions.is_expired(join_request):
        return render_template("advocates/join_expired.html"), 410
    who = safe_name(str(join_request.submission["contact"]["name"]))
    return render_template("advocates/join_confirm.html", who=who)


@bp.post("/join/confirm/<token>")
@signed(LinkPurpose.JOIN)
def confirm() -> ResponseReturnValue:
    joining_actions.confirm_join(db, _join_request())
    return _redirect_to(".confirmation")


@bp.post("/join/confirm/<token>/email")
@signed(LinkPurpose.JOIN)
def resend() -> ResponseReturnValue:
    join_request = _join_request()
    if joining_actions.is_expired(join_request) and stranger_email_limits.count_email(
        db, join_request.email, source()
    ):
        joining_actions.resend_confirmation(db, join_request)
    return redirect(url_for(".sent", slug=tenant.slug), 303)


@resend_link.sends_new_link(LinkPurpose.JOIN)
def resend_for_link(session: Session, join_request_id: UUID) -> str:
    join_request = queries.join_request(session, join_request_id)
    if join_request.confirmed_at is None:
        joining_actions.resend_confirmation(session, join_request)
    return join_request.email


@bp.get("/i/<token>")
@signed(LinkPurpose.INVITE)
def invitation() -> ResponseReturnValue:
    advocate = _invited_advocate()
    if advocate.state not in INVITABLE:
        return _result_page(advocate)
    known = Preferences.of(advocate)
    contact = {"name": advocate.name, "title": advocate.title, "company": _company(advocate)}
    form = AnswerInvitationForm(data=contact | vars(known), formdata=None)
    return _invitation_page(advocate, _with_known_choices(form, known))


@bp.post("/i/<token>")
@signed(LinkPurpose.INVITE)
def accept() -> ResponseReturnValue:
    advocate = _invited_advocate()
    if advocate.state not in INVITABLE:
        return _redirect_to(".invitation")
    form = _with_known_choices(AnswerInvitationForm(), Preferences.of(advocate))
    if not form.validate_on_submit():
        return _invitation_page(advocate, form), 422
    joining_actions.accept_invitation(db, advocate, form.submission_of(advocate), network_address=source())
    return _redirect_to(".invitation")


@bp.post("/i/<token>/refusal")
@signed(LinkPurpose.INVITE)
def refuse() -> ResponseReturnValue:
    advocate = _invited_advocate()
    if advocate.state in INVITABLE:
        actions.refuse(db, advocate)
    return _redirect_to(".invitation")


def _with_choices(form: JoinForm) -> JoinForm:
    form.set_consent_choices(current_texts(db).values())
    form.set_kind_choices(favor_minutes(policies.values(db)))
    form.set_tag_choices(queries.tags_in_use(db))
    return form


def _with_known_choices(form: AnswerInvitationForm, known: Preferences) -> AnswerInvitationForm:
    form.set_consent_choices(current_texts(db).values())
    form.set_kind_choices(favor_minutes(policies.values(db)))
    form.set_tag_choices(queries.tags_in_use(db), known)
    return form


def _closed_page() -> ResponseReturnValue:
    return render_template("advocates/join_closed.html"), 404


def _has_code(form: JoinForm) -> bool:
    """A workspace that has a join code lets nobody in without it."""
    join_code_limits.check_attempts(db, source())
    typed = (form.code.data or "").strip().casefold()
    if hmac.compare_digest(typed.encode(), tenant.join_code.strip().casefold().encode()):
        return True
    if typed:  # who typed nothing guessed nothing
        join_code_limits.count_wrong_code(db, source())
    form.code.errors = [
        _("That’s not the right code. You’ll find it in the email or presentation that brought you here.")
    ]
    return False


def _join_request() -> JoinRequest:
    join_request = queries.join_request(db, link.row_id)
    if join_request.link_version != link.version:
        raise BadLink("We sent you a newer email. Please use the link in that one.")
    return join_request


def _invited_advocate() -> Advocate:
    advocate = queries.get(db, link.row_id)
    if advocate.state in INVITABLE and advocate.link_version != link.version:
        raise BadLink("This invitation was withdrawn.")
    return advocate


def _company(advocate: Advocate) -> str:
    return advocate.account.name if advocate.account else advocate.company


def _join_page(form: JoinForm) -> str:
    texts, limits = current_texts(db).values(), policies.values(db)
    return render_template("advocates/join.html", form=form, texts=texts, limits=limits)


def _invitation_page(advocate: Advocate, form: AnswerInvitationForm) -> str:
    texts, limits = current_texts(db).values(), policies.values(db)
    return render_template(
        "advocates/invitation.html", form=form, texts=texts, limits=limits, advocate=advocate
    )


def _result_page(advocate: Advocate) -> str:
    """What came of it: in, waiting, said no, or gone."""
    name = safe_name(advocate.first_name)
    return render_template("advocates/join_result.html", advocate=advocate, name=name, labels=labels)


def _redirect_to(endpoint: str) -> ResponseReturnValue:
    token = links.token(link.purpose, link.tenant_id, link.row_id, link.version)
    return redirect(url_for(endpoint, token=token), 303)
