"""Whom letters come from, and whether the domain's records say that they may."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history
from portal.outreach.sender import sender as installation
from portal.outreach.senders import actions, keys, proving, queries
from portal.outreach.senders.forms import SenderForm, form_of
from portal.outreach.senders.judging import chapters_of, goes_by_sendgrid
from portal.outreach.senders.labels import change_words, headline, in_doubt, saved
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import whom
from portal.outreach.senders.verdicts import Record
from portal.settings import Settings
from portal.web.access import allow
from portal.web.current import db, is_htmx, member, tenant
from portal.web.filters import moment
from tenants.models import Role

LOOKERS = (Role.MANAGER, Role.ADMIN)
bp = Blueprint("senders", __name__, url_prefix="/<workspace>/settings/sender")


@bp.get("")
@allow(Role.ADMIN)
def edit() -> ResponseReturnValue:
    own = queries.sender(db)
    return _page(own, form_of(own))


@bp.post("")
@allow(Role.ADMIN)
def change() -> ResponseReturnValue:
    form = SenderForm()
    if not form.validate_on_submit():
        return _page(queries.sender(db), form), 422
    key, seen = form.sendgrid_key.data or "", form.seen_version
    done = actions.save(db, form.facts(), key=key, seen=seen, by=member)
    own = queries.sender(db)
    flash(saved(own, whom(own, tenant)) if done.is_changed else _("Nothing was different."))
    _say_in_doubt(done.in_doubt)
    return redirect(url_for(".edit"), 303)


@bp.post("/key/removal")
@allow(Role.ADMIN)
def remove_key() -> ResponseReturnValue:
    number = actions.remove_key(db, by=member)
    flash(_("The key is gone. Remember to delete it at SendGrid as well."))
    _say_in_doubt(number)
    return redirect(url_for(".edit"), 303)


@bp.post("/key/trials")
@allow(Role.ADMIN)
def try_key() -> ResponseReturnValue:
    keys.ask(db)
    return redirect(url_for(".edit"), 303)


@bp.get("/key/progress")
@allow(Role.ADMIN)
def key_progress() -> ResponseReturnValue:
    """In its place on the page, so that nothing is lost that somebody is writing beside it."""
    own = queries.sender(db)
    if not is_htmx():
        return redirect(url_for(".edit"))
    return render_template("outreach/key_trial.html", own=own, now=whom(own, tenant))


@bp.get("/dns")
@allow(*LOOKERS)
def dns() -> ResponseReturnValue:
    own = queries.sender(db)
    chapters = chapters_of(own, _settings().mail_url)
    return render_template(
        "outreach/dns.html",
        own=own if own and own.address else None,
        now=whom(own, tenant),
        record=_record(own),
        chapters=chapters,
        headline=headline(own, chapters),
        state=_state(own),
    )


@bp.post("/dns/checks")
@allow(*LOOKERS)
def check() -> ResponseReturnValue:
    actions.ask_for_check(db)
    return redirect(url_for(".dns"), 303)


@bp.get("/dns/progress")
@allow(*LOOKERS)
def progress() -> ResponseReturnValue:
    own = queries.sender(db)
    if not is_htmx():
        return redirect(url_for(".dns"))
    if own is not None and own.is_being_checked:
        return render_template("outreach/dns_progress.html", own=own)
    return Response(status=200, headers={"HX-Redirect": url_for(".dns")})


@dataclass(frozen=True)
class Around:
    """What the pages say besides: how this installation sends."""

    by_sendgrid: bool
    has_account: bool
    stays_here: bool


def _state(own: Sender | None) -> Around:
    settings = _settings()
    return Around(
        by_sendgrid=goes_by_sendgrid(own, settings.mail_url),
        has_account=own is not None and queries.has_account(own),
        stays_here=settings.mail_url.startswith("mailbox:"),
    )


def _say_in_doubt(number: int) -> None:
    if number:
        flash(in_doubt(number), "bad")


def _record(own: Sender | None) -> Record | None:
    """What is to be set before letters come from the sender's own address; nothing when they do."""
    is_open = own and own.has_own_domain and not queries.is_vouched_for(own)
    return proving.record_of(own) if own and is_open else None


def _page(own: Sender | None, form: Any) -> str:
    entries = history.of(db, own, most=20) if own else []
    return render_template(
        "outreach/sender.html",
        own=own,
        form=form,
        address=installation.address,
        now=whom(own, tenant),
        record=_record(own),
        state=_state(own),
        headline=headline(own, chapters_of(own, _settings().mail_url)),
        is_readable=queries.is_readable(own),
        kept_at=next((entry.created_at for entry in entries if entry.what == actions.KEPT), None),
        webhook=f"{_settings().public_url.rstrip('/')}/hooks/sendgrid/{tenant.slug}",
        told=[(moment(entry.created_at), entry.by_name, change_words(entry)) for entry in entries],
    )


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
