"""What is taken as an email address when somebody types, pastes or uploads one, and why one is not."""

from email_validator import EmailNotValidError, validate_email

from portal.i18n import mark
from tenants.email_addresses import DOT_CHARACTERS, InvalidDomain, ascii_domain, has_mixed_alphabets

NOT_AN_ADDRESS = mark("This isn’t an email address.")
UNDELIVERABLE_DOMAIN = mark(
    "Email can’t be delivered to this domain. Please check the part after the @: letters, digits and "
    "hyphens, at most 63 of them between two dots."
)
MIXED_ALPHABETS = mark(
    "The part after the @ mixes look-alike letters from different alphabets. Please type it again."
)


class InvalidAddress(ValueError):
    """In words for whoever wrote it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_address(text: str) -> str:
    """Return the address as it is kept and shown: in its own letters, without a final dot. Raise InvalidAddress."""
    spec = text.strip().rstrip(DOT_CHARACTERS)
    try:
        found = validate_email(spec, check_deliverability=False)
    except EmailNotValidError as wrong:
        raise InvalidAddress(_reason(spec)) from wrong
    if has_mixed_alphabets(found.domain):
        raise InvalidAddress(MIXED_ALPHABETS)
    return spec if spec.isascii() else found.normalized


def _reason(spec: str) -> str:
    user, _, domain = spec.rpartition("@")
    try:
        return UNDELIVERABLE_DOMAIN if user and domain and not ascii_domain(domain) else NOT_AN_ADDRESS
    except InvalidDomain:
        return UNDELIVERABLE_DOMAIN if user and domain.strip(DOT_CHARACTERS) else NOT_AN_ADDRESS
