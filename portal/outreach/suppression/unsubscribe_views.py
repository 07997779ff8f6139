"""The link that ends letters, by RFC 8058: mail programs POST it for their readers, and people press a button.

A GET or HEAD, which scanners send for every link, shows and changes nothing. A POST needs no cookie, no secret of
our forms and no particular body, and its answer is the page itself: no cookie, no way round, always 200.
"""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import links
from portal.advocates import wishes
from portal.advocates.joining import IN
from portal.advocates.models import Advocate, ConsentWords, Purpose, State
from portal.advocates.words import current_words
from portal.outreach.models import Letter
from portal.outreach.suppression import queries, unsubscribing
from portal.web.access import signed
from portal.web.current import db, link, source
from portal.web.outside import no_form_secret

bp = Blueprint("unsubscribing", __name__, url_prefix="/unsubscribe/<token>")


@bp.get("")
@signed(links.Purpose.UNSUBSCRIBE)
def show() -> ResponseReturnValue:
    return _page(_letter())


@bp.post("")
@signed(links.Purpose.UNSUBSCRIBE)
@no_form_secret
def unsubscribe() -> ResponseReturnValue:
    letter = _letter()
    if letter is not None:
        unsubscribing.unsubscribe(db, letter, source())
    return _page(letter)


def _letter() -> Letter | None:
    """Its row may be gone by now; the link never is."""
    return db.scalar(select(Letter).where(Letter.id == link.row_id))


def _page(letter: Letter | None) -> str:
    if letter is None:
        return render_template("outreach/unsubscribe.html", letter=None)
    purpose, reader = unsubscribing.purpose_of(letter), _reader(letter)
    return render_template(
        "outreach/unsubscribe.html",
        letter=letter,
        words=_words(purpose, reader),
        has_ended=not {purpose, unsubscribing.ALL}.isdisjoint(
            queries.unsubscribed_from(db, letter.recipient)
        ),
        is_in=reader is not None and reader.state in IN,
        choose=_preferences(reader) if reader else "",
    )


def _reader(letter: Letter) -> Advocate | None:
    known = select(Advocate).where(Advocate.id == letter.advocate_id, Advocate.state != State.ERASED)
    return db.scalar(known) if letter.advocate_id else None


def _words(purpose: str, reader: Advocate | None) -> ConsentWords | None:
    """What the reader agreed to, in the words they saw; None where all letters end."""
    if purpose == unsubscribing.ALL:
        return None
    if reader is None:
        return current_words(db).get(Purpose(purpose))
    return next((box.words for box in wishes.boxes(db, reader) if box.words.purpose == purpose), None)


def _preferences(reader: Advocate) -> str:
    token = links.token(links.Purpose.PREFERENCES, reader.tenant_id, reader.id, reader.link_version)
    return url_for("preferences.show", token=token)
