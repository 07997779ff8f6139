"""What an admin fills in about the sender. Addresses and keys are checked here; nothing is asked outside."""

import base64
import binascii
import re
from dataclasses import fields
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, PasswordField, StringField, ValidationError
from wtforms.validators import Length, Optional, Regexp

from portal.email_address import AddressFault, InvalidAddress, parse_address
from portal.outreach.senders.actions import SenderSettings
from portal.outreach.senders.models import Sender
from portal.web.forms import Form, ShownVersionForm, single_line
from tenants.email_addresses import ascii_email

SELECTOR = r"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"
API_KEY = r"^SG\.[\w-]{8,100}\.[\w-]{8,100}$"

ADDRESS_MESSAGE = _l("Please enter an address like program@example.com.")


def without_whitespace(text: str | None) -> str:
    return "".join((text or "").split())


def validate_address(form: Form, field: Field) -> None:
    if field.data:
        try:
            plain = ascii_email(parse_address(field.data))
        except InvalidAddress as wrong:
            is_no_address = wrong.fault is AddressFault.NOT_AN_ADDRESS
            raise ValidationError(ADDRESS_MESSAGE if is_no_address else gettext(wrong.reason)) from wrong
        if not plain.isascii():
            raise ValidationError(ADDRESS_MESSAGE)
        user, _, domain = plain.rpartition("@")
        field.data = f"{user}@{domain.lower()}"


def validate_public_key(_: Form, field: Field) -> None:
    if field.data and not _is_public_key(field.data):
        raise ValidationError(
            _l("This isn’t the key SendGrid shows. Please copy the whole line from “Verification Key”.")
        )


def _is_public_key(text: str) -> bool:
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)


class SenderForm(ShownVersionForm):
    name = StringField(_l("Sender name"), [Length(max=80), single_line])
    address = EmailField(_l("Sender address"), [Length(max=254), single_line, validate_address])
    reply_to = EmailField(_l("Reply-to address"), [Length(max=254), single_line, validate_address])
    dkim_selector = StringField(
        _l("DKIM selector"),
        [
            Optional(),
            Length(max=100),
            Regexp(
                re.compile(SELECTOR),
                message=_l("Please use letters, digits and dashes, like s1 or mail-2026."),
            ),
        ],
    )
    sendgrid_key = PasswordField(
        _l("API key"),
        [
            Optional(),
            Length(max=220),
            Regexp(
                re.compile(API_KEY, re.ASCII), message=_l("Please paste the whole key; it begins with SG.")
            ),
        ],
        filters=[without_whitespace],
    )
    webhook_key = StringField(
        _l("Verification key of the event webhook"),
        [Length(max=400), validate_public_key],
        filters=[without_whitespace],
    )
    version_if_empty = 0  # before anything was set

    def settings(self) -> SenderSettings:
        return SenderSettings(
            name=self.name.data or "",
            address=self.address.data or "",
            reply_to=self.reply_to.data or "",
            webhook_key=self.webhook_key.data or "",
            dkim_selector=(self.dkim_selector.data or "s1").lower(),
        )


def sender_form(sender: Sender | None) -> Any:
    if sender is None:
        return SenderForm(formdata=None, dkim_selector="s1", seen="0")
    facts = {field.name: getattr(sender, field.name) for field in fields(SenderSettings)}
    return SenderForm(formdata=None, **facts, seen=str(sender.version))
