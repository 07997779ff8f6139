"""The local mailbox: every email as it looks to its reader, with links that work. Demo and development only."""

import re
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from sqlalchemy import Select, select

from portal.demo.clock import display_zone
from portal.errors import NotFound
from portal.paging import paginate
from portal.web.access import public
from portal.web.current import db
from tenants.email_addresses import normalize_email
from tenants.models import MailboxEmail

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:)]")
VIEWS = ("desktop", "phone", "text")
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
EMAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'self'; "
    f"sandbox {SANDBOX}"
)
bp = Blueprint("mailbox", __name__, url_prefix="/mailbox")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    to = request.args.get("to", "").strip()
    newest = (MailboxEmail.created_at, MailboxEmail.id)
    emails = paginate(db, _emails(to), key=newest, cursor=request.args.get("after"), descending=True)
    return render_template("demo/mailbox.html", emails=emails, to=to, time_zone=display_zone(db).key)


@bp.get("/<uuid:email_id>")
@public
def show(email_id: UUID) -> ResponseReturnValue:
    asked = request.args.get("as", "desktop")
    view = asked if asked in VIEWS else "desktop"
    email = _email(email_id)
    return render_template(
        "demo/email.html",
        email=email,
        view=view,
        text=with_links(email.text),
        sandbox=SANDBOX,
        time_zone=display_zone(db).key,
    )


@bp.get("/<uuid:email_id>/html")
@public
def html(email_id: UUID) -> ResponseReturnValue:
    written = _email(email_id).html.replace("<head>", '<head><base target="_blank">', 1)
    return Response(
        written, headers={"Content-Security-Policy": EMAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    )


@bp.get("/<uuid:email_id>/calendar.ics")
@public
def calendar(email_id: UUID) -> ResponseReturnValue:
    email = _email(email_id)
    if not email.calendar:
        raise NotFound("This email has no calendar file.")
    named = {"Content-Disposition": 'attachment; filename="invitation.ics"'}
    return Response(email.calendar, mimetype="text/calendar", headers=named)


def with_links(text: str) -> Markup:
    pieces, end = [], 0
    for link in LINK.finditer(text):
        address = escape(link.group())
        pieces += [
            escape(text[end : link.start()]),
            Markup('<a class="gw-more" href="{0}" target="_blank" rel="noopener">{0}</a>').format(address),
        ]
        end = link.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _emails(to: str) -> Select[MailboxEmail]:
    every = select(MailboxEmail)
    return (
        every.where(MailboxEmail.recipient_norm.contains(normalize_email(to), autoescape=True))
        if to
        else every
    )


def _email(email_id: UUID) -> MailboxEmail:
    email = db.get(MailboxEmail, email_id)
    if email is None:
        raise NotFound("There’s no such email in the mailbox.")
    return email
