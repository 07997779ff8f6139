"""Whom emails come from, and whether the domain's records say that they may."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history
from portal.outreach.senders import actions, domain_verification, key_checks, queries
from portal.outreach.senders.check_results import DnsRecord
from portal.outreach.senders.default_sender import default_sender
from portal.outreach.senders.dns_checks import domain_checks, uses_sendgrid
from portal.outreach.senders.forms import SenderForm, sender_form
from portal.outreach.senders.labels import (
    STATUS_BADGES,
    headline,
    history_sentence,
    key_result_text,
    saved_message,
    unresolved_message,
)
from portal.outreach.senders.models import Sender, SenderAction
from portal.outreach.senders.queries import identity_of
from portal.settings import Settings
from portal.web.access import allow
from portal.web.current import db, is_htmx, member, tenant
from portal.web.filters import moment
from tenants.models import MANAGER_ROLES, Role

VIEWERS = MANAGER_ROLES
bp = Blueprint("senders", __name__, url_prefix="/<workspace>/settings/sender")


@bp.get("")
@allow(Role.ADMIN)
def edit() -> ResponseReturnValue:
    sender = queries.get_sender(db)
    return _page(sender, sender_form(sender))


@bp.post("")
@allow(Role.ADMIN)
def change() -> ResponseReturnValue:
    form = SenderForm()
    if not form.validate_on_submit():
        return _page(queries.get_sender(db), form), 422
    key, seen = form.sendgrid_key.data or "", form.shown_version
    done = actions.save_sender(db, form.settings(), key=key, shown_version=seen, by=member)
    sender = queries.get_sender(db)
    flash(
        saved_message(sender, identity_of(sender, tenant))
        if done.is_changed
        else _("There was nothing to change.")
    )
    _flash_unresolved(done.unresolved)
    return redirect(url_for(".edit"), 303)


@bp.post("/key/removal")
@allow(Role.ADMIN)
def remove_key() -> ResponseReturnValue:
    number = actions.remove_key(db, by=member)
    flash(_("The key was removed. Remember to delete it at SendGrid as well."))
    _flash_unresolved(number)
    return redirect(url_for(".edit"), 303)


@bp.post("/key/trials")
@allow(Role.ADMIN)
def check_key() -> ResponseReturnValue:
    key_checks.request_key_check(db)
    return redirect(url_for(".edit"), 303)


@bp.get("/key/progress")
@allow(Role.ADMIN)
def key_progress() -> ResponseReturnValue:
    sender = queries.get_sender(db)
    if not is_htmx():
        return redirect(url_for(".edit"))
    return render_template(
        "outreach/senders/key_check.html",
        sender=sender,
        key_result=key_result_text(sender, identity_of(sender, tenant)),
    )


@bp.get("/dns")
@allow(*VIEWERS)
def dns() -> ResponseReturnValue:
    sender = queries.get_sender(db)
    sections = domain_checks(sender, _settings().mail_url)
    return render_template(
        "outreach/senders/dns.html",
        sender=sender if sender and sender.address else None,
        identity=identity_of(sender, tenant),
        record_to_set=_record_to_set(sender),
        sections=sections,
        badges=STATUS_BADGES,
        headline=headline(sender, sections),
        setup=_setup(sender),
    )


@bp.post("/dns/checks")
@allow(*VIEWERS)
def check() -> ResponseReturnValue:
    actions.request_dns_check(db)
    return redirect(url_for(".dns"), 303)


@bp.get("/dns/progress")
@allow(*VIEWERS)
def dns_progress() -> ResponseReturnValue:
    sender = queries.get_sender(db)
    if not is_htmx():
        return redirect(url_for(".dns"))
    if sender is not None and sender.is_dns_being_checked:
        return render_template("outreach/senders/dns_progress.html", sender=sender)
    return Response(status=200, headers={"HX-Redirect": url_for(".dns")})


@dataclass(frozen=True)
class SendingSetup:
    """What the pages say besides: how this installation sends."""

    uses_sendgrid: bool
    has_own_account: bool
    is_local_mailbox: bool


def _setup(sender: Sender | None) -> SendingSetup:
    settings = _settings()
    return SendingSetup(
        uses_sendgrid=uses_sendgrid(sender, settings.mail_url),
        has_own_account=sender is not None and queries.has_own_account(sender),
        is_local_mailbox=settings.mail_url.startswith("mailbox:"),
    )


def _flash_unresolved(number: int) -> None:
    if number:
        flash(unresolved_message(number), "bad")


def _record_to_set(sender: Sender | None) -> DnsRecord | None:
    """What is to be set before emails come from the sender's own address; nothing when they do."""
    is_open = sender and sender.has_own_domain and not queries.is_authorized(sender)
    return domain_verification.ownership_record(sender) if sender and is_open else None


def _page(sender: Sender | None, form: Any) -> str:
    identity = identity_of(sender, tenant)
    entries = history.entries_about(db, sender, limit=20) if sender else []
    return render_template(
        "outreach/senders/edit.html",
        sender=sender,
        form=form,
        address=default_sender.address,
        identity=identity,
        key_result=key_result_text(sender, identity),
        record_to_set=_record_to_set(sender),
        setup=_setup(sender),
        headline=headline(sender, domain_checks(sender, _settings().mail_url)),
        is_readable=queries.has_readable_key(sender),
        key_stored_at=next(
            (entry.created_at for entry in entries if entry.action == SenderAction.KEY_STORED), None
        ),
        webhook=f"{_settings().public_url.rstrip('/')}/hooks/sendgrid/{tenant.slug}",
        history=[(moment(entry.created_at), entry.by_name, history_sentence(entry)) for entry in entries],
    )


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
