"""One cell at a time: what somebody typed becomes the values we keep, as text, or a reason why it can't."""

import re
from collections.abc import Callable
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l

from portal.accounts.names import normal_name
from portal.email_address import BadAddress, checked
from portal.imports.characters import DAMAGED, JOINERS, storable
from portal.imports.dates import DateFormat, read_day
from portal.imports.fields import Field, Value
from portal.imports.numbers import CURRENCY_NAMES, cents, currency_of, read_amount
from portal.imports.places import place_of
from portal.imports.titles import persona_of, seniority_of
from portal.web.csv_files import FORMULA
from tenants.addresses import normal_email

Values = tuple[str, ...]
Clean = Callable[[str], Values]

NOTHING = frozenset({"", "n/a", "#n/a", "-", "--", "–", "—", "null", "none", "(none)", "[none]", "(blank)"})
NO_NUMBER = NOTHING | {"na", "n.a.", "unknown", "tbd", "?"}
PLAIN_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"[^<>]*<\s*(?:mailto:)?([^<>\s]+)\s*>", re.IGNORECASE
)  # “Ada Lindqvist <ada@wabtec.example>”
AN_ADDRESS = re.compile(r"[^\s@,;<>/]+@[^\s@,;<>/]+\.\w+")
SHORTENED = re.compile(r"-?\d([.,]\d+)?e\+?\d+", re.IGNORECASE)
HEALTH = {
    "green": "green good healthy happy low",
    "yellow": "yellow amber medium neutral watch fair",
    "red": "red poor bad critical high churning unhealthy",
    "unknown": "unknown grey gray",
}
HEALTH_WORDS = {word: health for health, words in HEALTH.items() for word in words.split()} | {
    "at risk": "red"
}
LONGEST = 1_000  # characters of one value; a CRM's notes don't belong here
MEMORY = 50_000  # different values of one column kept at hand


class Unreadable(Exception):
    """The reason is one of the sentences below: stored as written, translated when shown."""


MISSING = _l("This line needs a value here.")
TWO_ADDRESSES = _l("More than one address. Please give everybody a line of their own.")
NOT_READ = _l("Some of these characters can’t be read in the encoding of this file.")
SHORT_ID = _l("A spreadsheet has shortened this id, so it names nobody. Export it as text.")
NO_DAY = _l("This is not a day we can read.")
NO_NUMBER_WORDS = _l("This is not a number we can read.")
NO_SCORE = _l("An NPS answer is a whole number from 0 to 10.")
NO_HEALTH = _l("Health is green, yellow, red or unknown.")
NO_CURRENCY = _l("A currency is a code of three letters, such as USD.")
NO_ZONE = _l("This is not a time zone such as Europe/Berlin.")
TOO_LONG = _l("This is longer than 1,000 characters.")


def cleaner(field: Field, order: DateFormat, mark: str) -> Clean:
    """How the cells of this field's column are read."""
    clean: dict[Value, Clean] = {
        Value.TEXT: text,
        Value.ID: identifier,
        Value.NAME: name,
        Value.EMAIL: email,
        Value.LIST: several,
        Value.RIVALS: rivals,
        Value.NUMBER: lambda raw: number(raw, mark),
        Value.SCORE: lambda raw: score(raw, mark),
        Value.MONEY: lambda raw: money(raw, mark),
        Value.CURRENCY: currency,
        Value.DAY: lambda raw: day(raw, order),
        Value.HEALTH: health,
        Value.ZONE: zone,
        Value.TITLE: title,
        Value.PLACE: place,
    }
    return clean[field.value]


class Memory(dict[str, Values]):
    """One field's cells, read: columns repeat themselves, so a product, a company, a day is read once.

    `pad` are the blanks of the fields behind this one that have no column.
    """

    def __init__(self, clean: Clean, *, pad: int, required: bool) -> None:
        super().__init__()
        self.clean, self.pad, self.required = clean, ("",) * pad, required

    def __missing__(self, raw: str) -> Values:
        if len(self) >= MEMORY:
            self.clear()
        if len(raw) > LONGEST * 10:  # not even its blanks and line breaks are looked at
            raise Unreadable(TOO_LONG)
        found = self.clean(raw)
        if self.required and not found[0]:
            raise Unreadable(MISSING)
        found = self[raw] = found + self.pad
        return found


def tidy(raw: str) -> str:
    """One line without control characters; “n/a” and its kin are nothing."""
    if raw.isprintable() and "  " not in raw:
        words = raw.strip()
    else:
        words = " ".join("".join(map(storable, raw)).split()).strip(JOINERS)
    if len(words) > LONGEST:
        raise Unreadable(TOO_LONG)
    if DAMAGED in words:
        raise Unreadable(NOT_READ)
    if words.startswith("'") and words[1:2] in FORMULA:  # our own exports defuse formulas so
        words = words[1:]
    return "" if words.lower() in NOTHING else words


def text(raw: str) -> Values:
    return (tidy(raw),)


def identifier(raw: str) -> Values:
    words = tidy(raw)
    if SHORTENED.fullmatch(words):
        raise Unreadable(SHORT_ID)
    return (words,)


def name(raw: str) -> Values:
    words = tidy(raw)
    return words, normal_name(words)


def email(raw: str) -> Values:
    address = tidy(raw)
    if named := NAMED.fullmatch(address):
        address = named[1]
    address = address.removeprefix("mailto:")
    if not address or (PLAIN_ADDRESS.fullmatch(address) and "xn--" not in address.lower()):
        return address, normal_email(address)
    try:
        return (found := checked(address)), normal_email(found)
    except BadAddress as wrong:
        several = len(AN_ADDRESS.findall(address)) > 1
        raise Unreadable(TWO_ADDRESSES if several else wrong.why) from wrong


def several(raw: str) -> Values:
    """“Ledger; Flow” and “Ledger, Flow” are two; each once, in their order."""
    words = tidy(raw)
    parts = (part.strip() for part in re.split(r"[;|]" if ";" in words or "|" in words else ",", words))
    return ("; ".join(dict.fromkeys(part for part in parts if part)),)


def rivals(raw: str) -> Values:
    return ("; ".join(normal_name(part) for part in several(raw)[0].split("; ")),)


def number(raw: str, mark: str) -> Values:
    if raw.strip().lower() in NO_NUMBER:
        return ("",)
    try:
        amount, beside = read_amount(raw, mark)
    except ValueError:
        raise Unreadable(NO_NUMBER_WORDS) from None
    if beside or amount < 0 or amount != int(amount) or amount >= 2**31:
        raise Unreadable(NO_NUMBER_WORDS)
    return (str(int(amount)),)


def score(raw: str, mark: str) -> Values:
    try:
        found = number(raw, mark)
    except Unreadable:
        raise Unreadable(NO_SCORE) from None
    if found[0] and int(found[0]) > 10:
        raise Unreadable(NO_SCORE)
    return found


def money(raw: str, mark: str) -> Values:
    if raw.strip().lower() in NO_NUMBER:
        return "", ""
    try:
        amount, beside = read_amount(raw, mark)
    except ValueError:
        raise Unreadable(NO_NUMBER_WORDS) from None
    return str(cents(amount)), beside


def currency(raw: str) -> Values:
    words = tidy(raw)
    try:
        return (CURRENCY_NAMES.get(words.casefold()) or currency_of(words),)
    except ValueError:
        raise Unreadable(NO_CURRENCY) from None


def day(raw: str, order: DateFormat) -> Values:
    words = tidy(raw)
    try:
        return (read_day(words, order).isoformat() if words else "",)
    except ValueError:
        raise Unreadable(NO_DAY) from None


def health(raw: str) -> Values:
    words = tidy(raw).lower()
    if words and words not in HEALTH_WORDS:
        raise Unreadable(NO_HEALTH)
    return (HEALTH_WORDS[words] if words else "",)


def zone(raw: str) -> Values:
    words = tidy(raw)
    if words and words not in available_timezones():
        raise Unreadable(NO_ZONE)
    return (words,)


def title(raw: str) -> Values:
    words = tidy(raw)
    return words, seniority_of(words), persona_of(words)


def place(raw: str) -> Values:
    words = tidy(raw)
    return words, *place_of(words)
