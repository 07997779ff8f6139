"""Signing in: request an email, use its link or its code, choose a workspace, sign out."""

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
from portal.signin.link_validity import MAX_TRIES
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
@bp.get("/sign-in/<workspace_slug>")
@public
def start(workspace_slug: str | None = None) -> ResponseReturnValue:
    form = SignInForm(
        email=request.args.get("email", ""), next_url=safe_next_url(request.args.get("next_url"))
    )
    return _start_page(form, _branded_workspace(workspace_slug))


@bp.post("/sign-in")
@bp.post("/sign-in/<workspace_slug>")
@public
def request_email(workspace_slug: str | None = None) -> ResponseReturnValue:
    form, workspace = SignInForm(), _branded_workspace(workspace_slug)
    if not form.validate_on_submit():
        return _start_page(form, workspace), 422
    nonce, next_url = cookies.new_asking_token(), safe_next_url(form.next_url.data)
    email = form.email.data or ""
    known = {"source": source(), "browser": nonce, "known_browser": cookies.known_browser_id(email)}
    actions.request_sign_in(db, email, workspace=workspace, next_url=next_url, **known)
    return cookies.remember_asking(_see_other(url_for(".check_email", workspace_slug=workspace_slug)), nonce)


@bp.get("/check-your-email")
@bp.get("/check-your-email/<workspace_slug>")
@bp.get("/check-your-mail", alias=True)
@bp.get("/check-your-mail/<workspace_slug>", alias=True)
@public
def check_email(workspace_slug: str | None = None) -> ResponseReturnValue:
    asked = queries.open_requests_of_browser(db, cookies.asking_token())
    if not asked:
        return _see_other(url_for(".start", workspace_slug=workspace_slug))
    return render_template(
        "signin/check_email.html",
        asked=asked[0],
        form=CodeForm(),
        workspace=_branded_workspace(workspace_slug),
    )


@bp.post("/check-your-email")
@bp.post("/check-your-email/<workspace_slug>")
@bp.post("/check-your-mail", alias=True)
@bp.post("/check-your-mail/<workspace_slug>", alias=True)
@public
def type_code(workspace_slug: str | None = None) -> ResponseReturnValue:
    typed = CodeForm().code.data or ""
    if not is_whole(typed):
        return _part_of_a_code(url_for(".check_email", workspace_slug=workspace_slug))
    right = actions.try_code(db, cookies.asking_token(), typed)
    if right is None or right.tenant_id is None:
        return _wrong_code(
            queries.tries_left(db, cookies.asking_token()),
            url_for(".check_email", workspace_slug=workspace_slug),
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


@bp.post("/workspaces/<workspace_slug>/membership")
@signed_in
def join(workspace_slug: str) -> ResponseReturnValue:
    workspace, me = _branded_workspace(workspace_slug), user()
    if workspace is None or me is None:
        abort(404)
    enter_tenant(db, workspace.id)
    membership = membership_of(db, me.id)
    if membership is None:
        abort(404)
    if membership.joined_at is None:
        memberships.join(db, membership)
    return _see_other(_home_url(workspace))


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    sessions.end(db, cookies.session_token())
    return _signed_out_page(_("You’re signed out."))


@bp.post("/sign-out/everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    me = user()
    if me is not None:
        sessions.end_all(db, me.id)
    return _signed_out_page(_("You’re signed out on all devices."))


def _start_page(form: SignInForm, workspace: Tenant | None) -> str:
    return render_template("signin/sign_in.html", form=form, workspace=workspace)


def _branded_workspace(slug: str | None) -> Tenant | None:
    """The workspace whose brand the page shows; it grants no access."""
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
        return _wrong_code(MAX_TRIES - asked.tries, request.path)
    return _sign_in(asked)


def _part_of_a_code(again: str) -> Response:
    """Says so from what was typed alone, before any look-up, so it reveals nothing about a code."""
    flash(_("A code has eight characters. Enter it exactly as in the email; this try didn’t count."), "bad")
    return _see_other(again)


def _wrong_code(left: int, again: str) -> Response:
    """A redirect and not a refusal, so that the counted try is committed."""
    if left > 0:
        flash(
            ngettext(
                "That’s not the code in the email. One try left.",
                "That’s not the code in the email. %(num)d tries left.",
                left,
            ),
            "bad",
        )
    else:
        flash(_("That code can no longer be used. Please request a new email."), "bad")
    return _see_other(again)


def _link_expired(asked: SignInRequest | None) -> ResponseReturnValue:
    if asked is None:
        raise BadLink("This link is incomplete or isn’t ours.")
    return render_template(
        "signin/link_expired.html", form=SignInForm(email=display_email(asked.email_norm)), asked=asked
    ), 410


def _signed_out_page(words: str) -> Response:
    response = cookies.sign_out(_see_other(url_for(".start")))
    flash(words)
    return response


def _home_url(workspace: Tenant) -> str:
    return f"/{workspace.slug}/"


def _see_other(address: str) -> Response:
    return make_response(redirect(address, 303))
