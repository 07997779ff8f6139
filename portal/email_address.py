"""What is taken as an email address when somebody types, pastes or uploads one, and why one is not."""

from email_validator import EmailNotValidError, validate_email

from portal.regions import shown
from tenants.addresses import DOTS, BadDomain, ascii_domain, mixes_alphabets

NOT_ONE = shown("This is not an e-mail address.")
NO_DOMAIN = shown(
    "Email can't be delivered to this domain. Please check the part after the @: letters, digits and hyphens, at most "
    "63 of them between two dots."
)
LOOKALIKES = shown(
    "The part after the @ mixes look-alike letters from different alphabets. Please type it again."
)


class BadAddress(ValueError):
    """In words for whoever wrote it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def checked(text: str) -> str:
    """The address as it is kept and shown: in its own letters, without a dot at its end. Raises BadAddress."""
    spec = text.strip().rstrip(DOTS)
    try:
        found = validate_email(spec, check_deliverability=False)
    except EmailNotValidError as wrong:
        raise BadAddress(_why_not(spec)) from wrong
    if mixes_alphabets(found.domain):
        raise BadAddress(LOOKALIKES)
    return spec if spec.isascii() else found.normalized


def _why_not(spec: str) -> str:
    user, _, domain = spec.rpartition("@")
    try:
        return NO_DOMAIN if user and domain and not ascii_domain(domain) else NOT_ONE
    except BadDomain:
        return NO_DOMAIN if user and domain.strip(DOTS) else NOT_ONE
