"""The page behind the email that asks for a further consent. A GET shows the words; a POST says yes or no to them."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import links
from portal.advocates import labels
from portal.links import LinkPurpose
from portal.outreach.consent_requests import answer_actions
from portal.outreach.consent_requests.answer_actions import RequestAndPerson, TextReplaced
from portal.signin import stranger_email_limits
from portal.web import resend_link
from portal.web.access import signed
from portal.web.current import db, link, source

bp = Blueprint("consent_answers", __name__, url_prefix="/further-consent/<token>")


@bp.get("")
@signed(LinkPurpose.FURTHER_PURPOSE)
def show() -> ResponseReturnValue:
    page = _page()
    return _closed(page) or _question(page)


@bp.post("")
@signed(LinkPurpose.FURTHER_PURPOSE)
def agree() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    try:
        answer_actions.agree(db, link.row_id, request.form.get("text_id", ""), source())
    except TextReplaced:
        return _question(page, has_changed=True), 409
    return _again()


@bp.post("/no")
@signed(LinkPurpose.FURTHER_PURPOSE)
def decline() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    answer_actions.decline(db, link.row_id)
    return _again()


@bp.post("/new-link")
@signed(LinkPurpose.FURTHER_PURPOSE)
def new_link() -> ResponseReturnValue:
    page = _page()
    if page.is_settled or not (_is_replaced(page) or page.is_expired):
        return _again()
    stranger_email_limits.require_source_allowance(db, source())
    if stranger_email_limits.count_to_advocate(db, link.tenant_id, page.advocate.email):
        answer_actions.send_new_link(db, link.row_id)
    return render_template("outreach/consent_requests/link_sent.html")


@resend_link.sends_new_link(LinkPurpose.FURTHER_PURPOSE, to_advocates=True)
def send_again(session: Session, request_id: UUID) -> str:
    return answer_actions.send_new_link(session, request_id)


def _page() -> RequestAndPerson:
    return answer_actions.request_and_person(db, link.row_id)


def _is_replaced(page: RequestAndPerson) -> bool:
    return link.version != page.request.link_version


def _closed(page: RequestAndPerson) -> ResponseReturnValue | None:
    """What stands, when there is nothing to answer with this link; 410 where the link itself is the reason."""
    if _is_replaced(page):
        return render_template("outreach/consent_requests/replaced.html", page=page, address=_address()), 410
    status = 409 if request.method == "POST" else 200
    if page.is_settled:
        return render_template("outreach/consent_requests/answered.html", page=page, labels=labels), status
    if page.is_expired:
        return render_template("outreach/consent_requests/expired.html", address=_address()), 410
    return None


def _question(page: RequestAndPerson, *, has_changed: bool = False) -> str:
    return render_template(
        "outreach/consent_requests/question.html",
        page=page,
        address=_address(),
        has_changed=has_changed,
    )


def _address() -> str:
    token = links.token(link.purpose, link.tenant_id, link.row_id, link.version)
    return url_for(".show", token=token)


def _again() -> ResponseReturnValue:
    return redirect(_address(), 303)
