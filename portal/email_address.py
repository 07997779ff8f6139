"""What is taken as an email address when somebody types, pastes or uploads one, and why one is not."""

from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from portal.i18n import mark
from tenants.email_addresses import DOT_CHARACTERS, InvalidDomain, ascii_domain, has_mixed_alphabets


class AddressFault(StrEnum):
    NOT_AN_ADDRESS = "not_an_address"
    UNDELIVERABLE_DOMAIN = "undeliverable_domain"
    MIXED_ALPHABETS = "mixed_alphabets"


ADDRESS_FAULTS = {
    AddressFault.NOT_AN_ADDRESS: mark("This isn’t an email address."),
    AddressFault.UNDELIVERABLE_DOMAIN: mark(
        "Email can’t be delivered to this domain. Please check the part after the @: letters, digits and "
        "hyphens, at most 63 of them between two dots."
    ),
    AddressFault.MIXED_ALPHABETS: mark(
        "The part after the @ mixes look-alike letters from different alphabets. Please type it again."
    ),
}


class InvalidAddress(ValueError):
    """`fault` says why; `reason` says it in words for whoever wrote it."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(ADDRESS_FAULTS[fault])
        self.fault, self.reason = fault, ADDRESS_FAULTS[fault]


def parse_address(text: str) -> str:
    """Return the address as it is kept and shown: in its own letters, without a final dot. Raise InvalidAddress."""
    spec = text.strip().rstrip(DOT_CHARACTERS)
    try:
        found = validate_email(spec, check_deliverability=False)
    except EmailNotValidError as wrong:
        raise InvalidAddress(_fault_of(spec)) from wrong
    if has_mixed_alphabets(found.domain):
        raise InvalidAddress(AddressFault.MIXED_ALPHABETS)
    return spec if spec.isascii() else found.normalized


def _fault_of(spec: str) -> AddressFault:
    user, _, domain = spec.rpartition("@")
    try:
        is_undeliverable = bool(user and domain and not ascii_domain(domain))
    except InvalidDomain:
        is_undeliverable = bool(user and domain.strip(DOT_CHARACTERS))
    return AddressFault.UNDELIVERABLE_DOMAIN if is_undeliverable else AddressFault.NOT_AN_ADDRESS
