"""When two spellings are the same email address. Stored beside it as `email_norm` and compared plainly.

The key is the local part in lower case (NFC) and the domain as name servers know it: its A-labels by UTS 46,
non-transitional, so that straße.example is xn--strae-oqa.example and never strasse.example, which is somebody
else's. What people see stays as they wrote it.
"""

import unicodedata
from collections.abc import Iterator

import idna

DOT_CHARACTERS = ".。．｡"
LOOKALIKES = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
MAX_LABEL = 63


class InvalidDomain(ValueError):
    """No domain that mail can go to."""


def normalize_email(text: str) -> str:
    """Return the key of any typed address, also of one that no mail can go to."""
    spec = text.strip()
    if spec.isascii():
        return spec.lower().removesuffix(".").rstrip()
    user, at, domain = spec.rpartition("@")
    return (f"{_folded(user)}{at}{_key(domain)}" if at else _folded(spec)).rstrip()


def domain_of(email: str) -> str:
    _, at, domain = normalize_email(email).rpartition("@")
    return domain if at else ""


def ascii_email(text: str) -> str:
    """Return the address as it is sent: a domain in ASCII behind what comes before the @. Raise InvalidDomain."""
    user, at, domain = text.strip().rpartition("@")
    return f"{user}{at}{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """Return the domain as it is sent: in ASCII, without a dot at its end. Raise InvalidDomain."""
    bare = domain[:-1] if domain[-1:] and domain[-1] in DOT_CHARACTERS else domain
    if not _is_international(bare):
        if not all(0 < len(label) <= MAX_LABEL for label in bare.split(".")):
            raise InvalidDomain(domain)
        return bare
    try:
        return idna.encode(bare, uts46=True).decode()
    except UnicodeError as wrong:
        raise InvalidDomain(domain) from wrong


def display_email(norm: str) -> str:
    user, at, domain = norm.rpartition("@")
    return f"{user}{at}{_shown(domain)}"


def spellings(text: str) -> Iterator[str]:
    """Yield the key, then the spellings that rows from before ASCII keys may hold."""
    norm = normalize_email(text)
    yield norm
    if text.isascii() and not _is_international(norm):
        return
    yield text.strip().lower()
    if _is_international(norm):
        user, _, domain = norm.rpartition("@")
        for dot in DOT_CHARACTERS:
            written = f"{user}@{_shown(domain).replace('.', dot)}"
            yield from (unicodedata.normalize(form, written) for form in ("NFC", "NFD"))


def has_mixed_alphabets(domain: str) -> bool:
    """Tell whether one label mixes letters that look alike, such as a Latin and a Cyrillic a."""
    labels = _shown(_key(domain)).split(".")
    return any(len(LOOKALIKES & {_alphabet(char) for char in label}) > 1 for label in labels)


def _alphabet(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() else ""


def _is_international(text: str) -> bool:
    return not text.isascii() or "xn--" in text.lower()


def _key(domain: str) -> str:
    try:
        return ascii_domain(domain).lower()
    except InvalidDomain:
        return _folded(domain)


def _shown(domain: str) -> str:
    try:
        return idna.decode(domain, display=True) if _is_international(domain) else domain
    except UnicodeError:
        return domain


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
