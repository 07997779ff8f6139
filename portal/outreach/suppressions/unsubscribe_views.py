"""The link that ends emails, by RFC 8058: mail programs POST it for their readers, and people press a button.

A GET or HEAD, which scanners send for every link, shows and changes nothing. A POST needs no cookie, no secret of
our forms and no particular body, and its answer is the page itself: no cookie, no way round, always 200.
"""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import links
from portal.advocates import consent_form
from portal.advocates.consent_texts import current_texts
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose, ConsentText
from portal.outreach.models import Email
from portal.outreach.suppressions import queries, unsubscribe_actions
from portal.web.access import signed
from portal.web.csrf_exempt import csrf_exempt
from portal.web.current import db, link, source

bp = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe/<token>")


@bp.get("")
@signed(links.LinkPurpose.UNSUBSCRIBE)
def show() -> ResponseReturnValue:
    return _page(_email())


@bp.post("")
@signed(links.LinkPurpose.UNSUBSCRIBE)
@csrf_exempt
def unsubscribe() -> ResponseReturnValue:
    email = _email()
    if email is not None:
        unsubscribe_actions.unsubscribe(db, email, source())
    return _page(email)


def _email() -> Email | None:
    """Its row may be gone by now; the link never is."""
    return db.scalar(select(Email).where(Email.id == link.row_id))


def _page(email: Email | None) -> str:
    if email is None:
        return render_template("outreach/suppressions/unsubscribe.html", email=None)
    purpose, reader = unsubscribe_actions.unsubscribed_purpose(email), _reader(email)
    return render_template(
        "outreach/suppressions/unsubscribe.html",
        email=email,
        consent_text=_consent_text(purpose, reader),
        has_ended=not {purpose, unsubscribe_actions.ALL_PURPOSES}.isdisjoint(
            queries.unsubscribed_from(db, email.recipient)
        ),
        is_in=reader is not None and reader.is_in_program,
        preferences_url=_preferences_url(reader) if reader else "",
    )


def _reader(email: Email) -> Advocate | None:
    known = select(Advocate).where(Advocate.id == email.advocate_id, Advocate.state != AdvocateState.ERASED)
    return db.scalar(known) if email.advocate_id else None


def _consent_text(purpose: str, reader: Advocate | None) -> ConsentText | None:
    """What the reader agreed to, in the words they saw; None where all emails end."""
    if purpose == unsubscribe_actions.ALL_PURPOSES:
        return None
    if reader is None:
        return current_texts(db).get(ConsentPurpose(purpose))
    return next(
        (box.text for box in consent_form.consent_boxes(db, reader) if box.text.purpose == purpose), None
    )


def _preferences_url(reader: Advocate) -> str:
    token = links.token(links.LinkPurpose.PREFERENCES, reader.tenant_id, reader.id, reader.link_version)
    return url_for("preferences.show", token=token)
