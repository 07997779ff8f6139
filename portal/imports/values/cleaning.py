"""One cell at a time: what somebody typed becomes the values we keep, as text, or a reason why it can't."""

import re
from collections.abc import Callable
from datetime import date
from zoneinfo import available_timezones

from portal.accounts.name_normalization import normal_name
from portal.custom_fields.models import MAX_TEXT
from portal.custom_fields.values import plain_number
from portal.email_address import AddressFault, InvalidAddress, parse_address
from portal.imports.line_reason_codes import LineReason
from portal.imports.parsing.characters import DAMAGED, JOINERS, storable
from portal.imports.values.dates import DateFormat, read_day, read_month_or_day
from portal.imports.values.field_types import FieldType, ImportField, normal_heading
from portal.imports.values.health_and_relationship import HEALTH_WORDS, RELATIONSHIP_WORDS
from portal.imports.values.job_titles import persona_of, seniority_of
from portal.imports.values.numbers import CURRENCY_NAMES, cents, currency_of, read_amount
from portal.imports.values.places import place_of
from portal.search_text import folded
from portal.tags.models import MAX_NAME, MAX_TAGS
from portal.web.csv_files import FORMULA_STARTS
from portal.web.forms import is_reasonable
from tenants.email_addresses import normalize_email

CellValues = tuple[str, ...]
CellCleaner = Callable[[str], CellValues]
DayReader = Callable[[str, DateFormat], date]

BLANK_WORDS = frozenset(
    {"", "n/a", "#n/a", "-", "--", "–", "—", "null", "none", "(none)", "[none]", "(blank)"}
)
LONGEST_BLANK = max(map(len, BLANK_WORDS))
BLANK_NUMBER_WORDS = BLANK_WORDS | {"na", "n.a.", "unknown", "tbd", "?"}
LOWER_CASE_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)
PLAIN_ADDRESS = re.compile(LOWER_CASE_ADDRESS.pattern, re.IGNORECASE)  # takes twice as long
ADDRESS_WITH_NAME = re.compile(
    r"[^<>]*<\s*(?:mailto:)?([^<>\s]+)\s*>", re.IGNORECASE
)  # “Ada Lindqvist <ada@wabtec.example>”
ADDRESS_LIKE = re.compile(r"[^\s@,;<>/]+@[^\s@,;<>/]+\.\w+")
SHORTENED_ID = re.compile(r"-?\d([.,]\d+)?[eE]\+?\d+")
ADDRESS_REASONS = {
    AddressFault.NOT_AN_ADDRESS: LineReason.NOT_AN_ADDRESS,
    AddressFault.UNDELIVERABLE_DOMAIN: LineReason.UNDELIVERABLE_DOMAIN,
    AddressFault.MIXED_ALPHABETS: LineReason.MIXED_ALPHABETS,
}
MAX_VALUE_LENGTH = 1_000  # characters of one value; a CRM's notes don't belong here
CACHE_SIZE = 50_000  # different values of one column kept at hand


class UnreadableValue(Exception):
    def __init__(self, reason: LineReason) -> None:
        super().__init__(reason)
        self.reason = reason


def cleaner(field: ImportField, order: DateFormat, mark: str) -> CellCleaner:
    clean: dict[FieldType, CellCleaner] = {
        FieldType.TEXT: text,
        FieldType.ID: identifier,
        FieldType.NAME: name,
        FieldType.PERSON_NAME: person_name,
        FieldType.EMAIL: email_address,
        FieldType.LIST: list_of,
        FieldType.COMPETITORS: competitors,
        FieldType.NUMBER: lambda raw: number(raw, mark),
        FieldType.SCORE: lambda raw: score(raw, mark),
        FieldType.MONEY: lambda raw: money(raw, mark),
        FieldType.CURRENCY: currency,
        FieldType.DAY: lambda raw: day(raw, order),
        FieldType.HEALTH: health,
        FieldType.RELATIONSHIP: relationship,
        FieldType.MONTH: lambda raw: day(raw, order, read_month_or_day),
        FieldType.TAGS: tags,
        FieldType.CHOICE: lambda raw: choice(raw, field.choices),
        FieldType.FIELD_TEXT: field_text,
        FieldType.DECIMAL: lambda raw: decimal(raw, mark),
        FieldType.ZONE: zone,
        FieldType.TITLE: title,
        FieldType.PLACE: place,
    }
    return clean[field.type]


class CachedCleaner(dict[str, CellValues]):
    """One field's cells, read: columns repeat themselves, so a product, a company, a day is read once.

    `pad` are the blanks of the fields behind this one that have no column.
    """

    def __init__(self, clean: CellCleaner, *, pad: int, required: bool) -> None:
        super().__init__()
        self.clean, self.pad, self.required = clean, ("",) * pad, required

    def __missing__(self, raw: str) -> CellValues:
        if len(self) >= CACHE_SIZE:
            self.clear()
        if len(raw) > MAX_VALUE_LENGTH * 10:  # not even its blanks and line breaks are looked at
            raise UnreadableValue(LineReason.VALUE_TOO_LONG)
        found = self.clean(raw)
        if self.required and not found[0]:
            raise UnreadableValue(LineReason.VALUE_MISSING)
        found = self[raw] = found + self.pad
        return found


def single_line(raw: str) -> str:
    """Return one line without control characters; “n/a” and its kin become ''."""
    if raw.isprintable() and "  " not in raw:
        words = raw.strip()
    else:
        words = " ".join("".join(map(storable, raw)).split()).strip(JOINERS)
    if len(words) > MAX_VALUE_LENGTH:
        raise UnreadableValue(LineReason.VALUE_TOO_LONG)
    if DAMAGED in words:
        raise UnreadableValue(LineReason.NOT_DECODED)
    if words.startswith("'") and words[1:2] in FORMULA_STARTS:  # our own exports defuse formulas so
        words = words[1:]
    return "" if len(words) <= LONGEST_BLANK and words.lower() in BLANK_WORDS else words


def text(raw: str) -> CellValues:
    return (single_line(raw),)


def identifier(raw: str) -> CellValues:
    words = single_line(raw)
    if SHORTENED_ID.fullmatch(words):
        raise UnreadableValue(LineReason.SHORTENED_ID)
    return (words,)


def name(raw: str) -> CellValues:
    words = single_line(raw)
    return words, normal_name(words), folded(words)


def person_name(raw: str) -> CellValues:
    words = single_line(raw)
    return words, folded(words)


def email_address(raw: str) -> CellValues:
    if raw.isascii() and len(raw) <= MAX_VALUE_LENGTH and not raw.startswith("'"):
        lower_case = raw.lower()
        if LOWER_CASE_ADDRESS.fullmatch(lower_case) and "xn--" not in lower_case:  # nearly all of them
            return raw, lower_case
    address = single_line(raw)
    if named := ADDRESS_WITH_NAME.fullmatch(address):
        address = named[1]
    address = address.removeprefix("mailto:")
    if not address or (PLAIN_ADDRESS.fullmatch(address) and "xn--" not in address.lower()):
        return address, normalize_email(address)
    try:
        return (found := parse_address(address)), normalize_email(found)
    except InvalidAddress as wrong:
        several = len(ADDRESS_LIKE.findall(address)) > 1
        reason = LineReason.SEVERAL_ADDRESSES if several else ADDRESS_REASONS[wrong.fault]
        raise UnreadableValue(reason) from wrong


def list_of(raw: str) -> CellValues:
    words = single_line(raw)
    parts = (part.strip() for part in re.split(r"[;|]" if ";" in words or "|" in words else ",", words))
    return ("; ".join(dict.fromkeys(part for part in parts if part)),)


def competitors(raw: str) -> CellValues:
    return ("; ".join(normal_name(part) for part in list_of(raw)[0].split("; ")),)


def number(raw: str, mark: str) -> CellValues:
    if raw.strip().lower() in BLANK_NUMBER_WORDS:
        return ("",)
    try:
        amount, beside = read_amount(raw, mark)
    except ValueError:
        raise UnreadableValue(LineReason.NOT_A_NUMBER) from None
    if beside or amount < 0 or amount != int(amount) or amount >= 2**31:
        raise UnreadableValue(LineReason.NOT_A_NUMBER)
    return (str(int(amount)),)


def score(raw: str, mark: str) -> CellValues:
    try:
        found = number(raw, mark)
    except UnreadableValue:
        raise UnreadableValue(LineReason.NOT_A_SCORE) from None
    if found[0] and int(found[0]) > 10:
        raise UnreadableValue(LineReason.NOT_A_SCORE)
    return found


def money(raw: str, mark: str) -> CellValues:
    if raw.strip().lower() in BLANK_NUMBER_WORDS:
        return "", ""
    try:
        amount, beside = read_amount(raw, mark)
    except ValueError:
        raise UnreadableValue(LineReason.NOT_A_NUMBER) from None
    return str(cents(amount)), beside


def currency(raw: str) -> CellValues:
    words = single_line(raw)
    try:
        return (CURRENCY_NAMES.get(words.casefold()) or currency_of(words),)
    except ValueError:
        raise UnreadableValue(LineReason.NOT_A_CURRENCY) from None


def day(raw: str, order: DateFormat, read: DayReader = read_day) -> CellValues:
    words = single_line(raw)
    try:
        return (read(words, order).isoformat() if words else "",)
    except ValueError:
        raise UnreadableValue(LineReason.NOT_A_DATE) from None


def tags(raw: str) -> CellValues:
    names = list_of(raw)
    several = names[0].split("; ")
    if len(several) > MAX_TAGS or any(len(name) > MAX_NAME for name in several):
        raise UnreadableValue(LineReason.TOO_MANY_TAGS)
    return names


def choice(raw: str, choices: tuple[str, ...]) -> CellValues:
    """However it is spelled in the file, it is kept as the field has it."""
    words = normal_name(single_line(raw))
    found = next((each for each in choices if normal_name(each) == words), "")
    if words and not found:
        raise UnreadableValue(LineReason.NOT_A_CHOICE)
    return (found,)


def field_text(raw: str) -> CellValues:
    words = single_line(raw)
    if len(words) > MAX_TEXT:
        raise UnreadableValue(LineReason.FIELD_TOO_LONG)
    return (words,)


def decimal(raw: str, mark: str) -> CellValues:
    if raw.strip().lower() in BLANK_NUMBER_WORDS:
        return ("",)
    try:
        amount, beside = read_amount(raw, mark)
    except ValueError:
        raise UnreadableValue(LineReason.NOT_A_NUMBER) from None
    if beside or not is_reasonable(amount):
        raise UnreadableValue(LineReason.NOT_A_NUMBER)
    return (str(plain_number(amount)),)


def health(raw: str) -> CellValues:
    words = single_line(raw).lower()
    if words and words not in HEALTH_WORDS:
        raise UnreadableValue(LineReason.NOT_A_HEALTH)
    return (HEALTH_WORDS[words] if words else "",)


def relationship(raw: str) -> CellValues:
    """“Customer - Direct” and “Channel Partner / Reseller” are how CRMs say it."""
    words = normal_heading(single_line(raw))
    if words and words not in RELATIONSHIP_WORDS:
        raise UnreadableValue(LineReason.NOT_A_RELATIONSHIP)
    return (RELATIONSHIP_WORDS[words] if words else "",)


def zone(raw: str) -> CellValues:
    words = single_line(raw)
    if words and words not in available_timezones():
        raise UnreadableValue(LineReason.NOT_A_TIME_ZONE)
    return (words,)


def title(raw: str) -> CellValues:
    words = single_line(raw)
    return words, seniority_of(words), persona_of(words)


def place(raw: str) -> CellValues:
    words = single_line(raw)
    return words, *place_of(words)
