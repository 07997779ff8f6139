"""The door: ask for an email, come in with its link or its code, choose a workspace, go out again."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.errors import BadLink
from portal.links import LinkPurpose
from portal.signin import actions, cookies, memberships, queries, sessions, sign_in_limits
from portal.signin.codes import is_whole
from portal.signin.forms import CodeForm, SignInForm
from portal.signin.next_url import safe_next_url
from portal.web.access import public, signed, signed_in
from portal.web.current import db, link, source, user
from tenants.database import enter_tenant
from tenants.email_addresses import display_email
from tenants.models import SignInRequest, Tenant
from tenants.queries import membership_of, tenant_by_slug, tenant_ids_inviting_user, tenant_ids_of_user

bp = Blueprint("signin", __name__)


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    here = sessions.user_of(db, cookies.session_token()) if cookies.session_token() else None
    return redirect(url_for(".workspaces" if here else ".start"))


@bp.get("/sign-in")
@bp.get("/sign-in/<place>")
@public
def start(place: str | None = None) -> ResponseReturnValue:
    form = SignInForm(email=request.args.get("email", ""), next_url=safe_next_url(request.args.get("next_url")))
    return _start_page(form, _branded_workspace(place))


@bp.post("/sign-in")
@bp.post("/sign-in/<place>")
@public
def request_email(place: str | None = None) -> ResponseReturnValue:
    form, where = SignInForm(), _branded_workspace(place)
    if not form.validate_on_submit():
        return _start_page(form, where), 422
    nonce, next_url = cookies.new_asking_token(), safe_next_url(form.next_url.data)
    email = form.email.data or ""
    known = {"source": source(), "browser": nonce, "known_browser": cookies.known_browser_id(email)}
    actions.request_sign_in(db, email, workspace=where, next_url=next_url, **known)
    return cookies.remember_asking(_see_other(url_for(".check_email", place=place)), nonce)


@bp.get("/check-your-mail")
@bp.get("/check-your-mail/<place>")
@public
def check_email(place: str | None = None) -> ResponseReturnValue:
    asked = queries.open_requests_of_browser(db, cookies.asking_token())
    if not asked:
        return _see_other(url_for(".start", place=place))
    return render_template(
        "signin/check_email.html", asked=asked[0], form=CodeForm(), workspace=_branded_workspace(place)
    )


@bp.post("/check-your-mail")
@bp.post("/check-your-mail/<place>")
@public
def type_code(place: str | None = None) -> ResponseReturnValue:
    typed = CodeForm().code.data or ""
    if not is_whole(typed):
        return _part_of_a_code(url_for(".check_email", place=place))
    right = actions.try_code(db, cookies.asking_token(), typed)
    if right is None or right.tenant_id is None:
        return _wrong_code(
            queries.tries_left(db, cookies.asking_token()), url_for(".check_email", place=place)
        )
    enter_tenant(db, right.tenant_id)
    return _sign_in(right)


@bp.get("/sign-in/link/<token>")
@signed(LinkPurpose.SIGN_IN)
def open_link() -> ResponseReturnValue:
    asked = queries.open_request(db, link.row_id)
    if asked is None:
        return _link_expired(queries.sign_in_request(db, link.row_id))
    return render_template(
        "signin/link.html", asked=asked, needs_code=not _is_asking_browser(asked), form=CodeForm()
    )


@bp.post("/sign-in/link/<token>")
@signed(LinkPurpose.SIGN_IN)
def use_link() -> ResponseReturnValue:
    asked = queries.open_request(db, link.row_id)
    if asked is None:
        return _link_expired(queries.sign_in_request(db, link.row_id))
    return _sign_in(asked) if _is_asking_browser(asked) else _try_code(asked, CodeForm().code.data or "")


@bp.get("/workspaces")
@signed_in
def workspaces() -> ResponseReturnValue:
    me = user()
    if me is None:
        abort(404)
    mine = queries.workspaces(db, tenant_ids_of_user(db, me.id))
    inviting = queries.workspaces(db, tenant_ids_inviting_user(db, me.id))
    if len(mine) == 1 and not inviting and "choose" not in request.args:
        return redirect(_home_url(mine[0]))
    return render_template("signin/workspaces.html", mine=mine, inviting=inviting, me=me, home=_home_url)


@bp.post("/workspaces/<place>/membership")
@signed_in
def join(place: str) -> ResponseReturnValue:
    where, me = _branded_workspace(place), user()
    if where is None or me is None:
        abort(404)
    enter_tenant(db, where.id)
    membership = membership_of(db, me.id)
    if membership is None:
        abort(404)
    if membership.joined_at is None:
        memberships.join(db, membership)
    return _see_other(_home_url(where))


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    sessions.end(db, cookies.session_token())
    return _signed_out_page(_("You are signed out."))


@bp.post("/sign-out/everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    me = user()
    if me is not None:
        sessions.end_all(db, me.id)
    return _signed_out_page(_("You are signed out on every device."))


def _start_page(form: SignInForm, where: Tenant | None) -> str:
    return render_template("signin/sign_in.html", form=form, workspace=where)


def _branded_workspace(slug: str | None) -> Tenant | None:
    """The workspace whose brand the page wears. It opens nothing."""
    found = tenant_by_slug(db, slug) if slug else None
    if slug and found is None:
        abort(404)
    return found


def _is_asking_browser(asked: SignInRequest) -> bool:
    return queries.has_asked(db, asked, cookies.asking_token())


def _sign_in(asked: SignInRequest) -> Response:
    token = actions.sign_in(db, asked, agent=cookies.user_agent())
    sign_in_limits.clear_after_sign_in(db, asked.email_norm, cookies.known_browser_id(asked.email_norm))
    home = queries.next_url_of(db, asked, cookies.asking_token()) or url_for(".workspaces")
    return cookies.sign_in(_see_other(home), token, asked.email_norm)


def _try_code(asked: SignInRequest, typed: str) -> Response:
    if not is_whole(typed):
        return _part_of_a_code(request.path)
    if not actions.try_code_with_link(db, asked, typed):
        return _wrong_code(queries.MAX_TRIES - asked.tries, request.path)
    return _sign_in(asked)


def _part_of_a_code(again: str) -> Response:
    """Told by what was typed alone, before anything is looked up, so it tells nothing of any code."""
    flash(_("A code has eight characters. Please type it as it stands in the email; no try was used."), "bad")
    return _see_other(again)


def _wrong_code(left: int, again: str) -> Response:
    """The tries are counted, so this answer is kept: a redirect, not a refusal."""
    if left > 0:
        flash(
            ngettext(
                "That is not the code of the email. One try is left.",
                "That is not the code of the email. %(num)d tries are left.",
                left,
            ),
            "bad",
        )
    else:
        flash(_("That code can no longer be used. Please ask for a new email."), "bad")
    return _see_other(again)


def _link_expired(asked: SignInRequest | None) -> ResponseReturnValue:
    if asked is None:
        raise BadLink("This link is not complete, or it is not one of ours.")
    return render_template(
        "signin/link_expired.html", form=SignInForm(email=display_email(asked.email_norm)), asked=asked
    ), 410


def _signed_out_page(words: str) -> Response:
    response = cookies.sign_out(_see_other(url_for(".start")))
    flash(words)
    return response


def _home_url(where: Tenant) -> str:
    return f"/{where.slug}/"


def _see_other(address: str) -> Response:
    return make_response(redirect(address, 303))
