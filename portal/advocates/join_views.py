"""The public doors: the join page, the letter that confirms it, the invitation. A GET shows, a POST acts."""

import hmac
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal import links, policies
from portal.advocates import actions, join_codes, joining, labels, queries
from portal.advocates.answers import Wishes
from portal.advocates.forms import AnswerInvitationForm, JoinForm
from portal.advocates.models import Advocate, JoinRequest, State
from portal.advocates.words import current_words
from portal.errors import BadLink, Throttled
from portal.links import Purpose
from portal.safe_text import safe_name
from portal.signin import stranger_emails
from portal.web import again
from portal.web.access import public, signed
from portal.web.current import db, link, source, tenant

bp = Blueprint("joining", __name__)
INVITABLE = frozenset({State.CANDIDATE, State.PENDING, State.INVITED})


@bp.get("/join/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    if not tenant.join_open:
        return _closed_page()
    return _join_page(_prepared(JoinForm()))


@bp.post("/join/<slug>")
@public
def ask(slug: str) -> ResponseReturnValue:
    if not tenant.join_open:
        return _closed_page()
    form = _prepared(JoinForm())
    if not form.validate_on_submit():
        return _join_page(form), 422
    try:
        return _asked(form)
    except Throttled as refusal:
        form.form_errors.append(_(refusal.message))
        return _join_page(form), 429


def _asked(form: JoinForm) -> ResponseReturnValue:
    """Whether an email leaves is not said: somebody else may have caused as many as this address gets in a day."""
    if tenant.join_code and not _has_code(form):
        return _join_page(form)  # no refusal: the wrong code is counted, and a refusal would be rolled back
    answers = form.answers()
    if stranger_emails.may_send(db, answers.about.email, source()):
        joining.ask_to_join(db, answers, place=source())
    return redirect(url_for(".sent", slug=tenant.slug), 303)


@bp.get("/join/<slug>/letter")
@public
def sent(slug: str) -> ResponseReturnValue:
    return render_template("advocates/sent.html")


@bp.get("/join/confirm/<token>")
@signed(Purpose.JOIN)
def letter() -> ResponseReturnValue:
    wish = _wish()
    if wish.confirmed_at is not None and wish.advocate_id is not None:
        return _welcome(queries.get(db, wish.advocate_id))
    if joining.is_over(wish):
        return render_template("advocates/join_expired.html", wish=wish), 410
    who = safe_name(str(wish.answers["about"]["name"]))
    return render_template("advocates/confirm.html", who=who)


@bp.post("/join/confirm/<token>")
@signed(Purpose.JOIN)
def confirm() -> ResponseReturnValue:
    joining.confirm_join(db, _wish())
    return _again(".letter")


@bp.post("/join/confirm/<token>/letter")
@signed(Purpose.JOIN)
def ask_again() -> ResponseReturnValue:
    wish = _wish()
    if joining.is_over(wish) and stranger_emails.may_send(db, wish.email, source()):
        joining.ask_again(db, wish)
    return redirect(url_for(".sent", slug=tenant.slug), 303)


@again.sends(Purpose.JOIN)
def send_again(session: Session, wish_id: UUID) -> str:
    wish = queries.join_request(session, wish_id)
    if wish.confirmed_at is None:
        joining.ask_again(session, wish)
    return wish.email


@bp.get("/i/<token>")
@signed(Purpose.INVITE)
def invitation() -> ResponseReturnValue:
    advocate = _invited()
    if advocate.state not in INVITABLE:
        return _welcome(advocate)
    known = Wishes.of(advocate)
    about = {"name": advocate.name, "title": advocate.title, "company": _company(advocate)}
    form = AnswerInvitationForm(data=about | vars(known), formdata=None)
    return _invitation_page(advocate, _offered(form, known))


@bp.post("/i/<token>")
@signed(Purpose.INVITE)
def accept() -> ResponseReturnValue:
    advocate = _invited()
    if advocate.state not in INVITABLE:
        return _again(".invitation")
    form = _offered(AnswerInvitationForm(), Wishes.of(advocate))
    if not form.validate_on_submit():
        return _invitation_page(advocate, form), 422
    joining.accept_invitation(db, advocate, form.answers_of(advocate), place=source())
    return _again(".invitation")


@bp.post("/i/<token>/refusal")
@signed(Purpose.INVITE)
def refuse() -> ResponseReturnValue:
    advocate = _invited()
    if advocate.state in INVITABLE:
        actions.refuse(db, advocate)
    return _again(".invitation")


def _prepared(form: JoinForm) -> JoinForm:
    form.show_words(current_words(db).values())
    form.offer(queries.tags_in_use(db))
    return form


def _offered(form: AnswerInvitationForm, known: Wishes) -> AnswerInvitationForm:
    form.show_words(current_words(db).values())
    form.offer(queries.tags_in_use(db), known)
    return form


def _closed_page() -> ResponseReturnValue:
    return render_template("advocates/closed.html"), 404


def _has_code(form: JoinForm) -> bool:
    """A workspace that has a join code lets nobody in without it."""
    join_codes.refuse_guessing(db, source())
    given = (form.code.data or "").strip().casefold()
    if hmac.compare_digest(given.encode(), tenant.join_code.strip().casefold().encode()):
        return True
    if given:  # who typed nothing guessed nothing
        join_codes.count_wrong(db, source())
    form.code.errors = [_("This is not the code. It stands in the letter or slide that sent you here.")]
    return False


def _wish() -> JoinRequest:
    wish = queries.join_request(db, link.row_id)
    if wish.link_version != link.version:
        raise BadLink("A newer letter was sent to you. Please use the link in that one.")
    return wish


def _invited() -> Advocate:
    advocate = queries.get(db, link.row_id)
    if advocate.state in INVITABLE and advocate.link_version != link.version:
        raise BadLink("This invitation was taken back.")
    return advocate


def _company(advocate: Advocate) -> str:
    return advocate.account.name if advocate.account else advocate.company


def _join_page(form: JoinForm) -> str:
    words, limits = current_words(db).values(), policies.values(db)
    return render_template("advocates/join.html", form=form, words=words, limits=limits)


def _invitation_page(advocate: Advocate, form: AnswerInvitationForm) -> str:
    words, limits = current_words(db).values(), policies.values(db)
    return render_template(
        "advocates/invitation.html", form=form, words=words, limits=limits, advocate=advocate
    )


def _welcome(advocate: Advocate) -> str:
    """What came of it: in, waiting, said no, or gone."""
    name = safe_name(advocate.first_name)
    return render_template("advocates/welcome.html", advocate=advocate, name=name, labels=labels)


def _again(endpoint: str) -> ResponseReturnValue:
    token = links.token(link.purpose, link.tenant_id, link.row_id, link.version)
    return redirect(url_for(endpoint, token=token), 303)
