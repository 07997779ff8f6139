"""Numbers and money as they are typed: “$1,234.50”, “1.234,50 €”, “USD 12k”, “3 Mio. €”, “12,34,567”."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from babel import Locale
from babel.numbers import list_currencies
from flask_babel import lazy_gettext as _l

SYMBOLS = {
    "$": "USD",
    "US$": "USD",
    "USD$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "CHF": "CHF",
    "Fr.": "CHF",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "R$": "BRL",
    "₹": "INR",
    "Rs.": "INR",
    "Rs": "INR",
    "zł": "PLN",
    "Kč": "CZK",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₪": "ILS",
    "₴": "UAH",
}
FACTORS = {
    10**3: "k thousand thousands tsd tausend tys tis",
    10**5: "lakh lakhs lac lacs",
    10**6: "m mm mn mio mln mill million millions millionen milione milioni millones milhões",
    10**7: "cr crore crores",
    10**9: "b bn mrd mld md milliard milliarde milliarden milliards miliardi billion billions",
    10**12: "trillion trillions",
    10**4: "万",
    10**8: "億 亿",
}
FACTOR_WORDS = {word: factor for factor, words in FACTORS.items() for word in words.split()}
DOLLAR_CODES = (
    "AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SGD SRD TTD TWD XCD MXN ARS CLP COP"
)
DOLLARS = frozenset(DOLLAR_CODES.split())
CODES = frozenset(list_currencies())
CURRENCY_NAMES = {name.casefold(): code for code, name in Locale("en").currencies.items()}
AMOUNT = re.compile(  # nothing that was taken is given back: a long cell is read once
    r"(?P<open>\()?\s*+(?P<sign>[-−+])?\s*+(?P<before>(?:[^\d\s(.,+−-]{1,4}\.?)?)\s*+(?P<minus>[-−])?\s*+"
    r"(?P<digits>\d[\d.,'’ ]*+)(?P<after>[^\d()−-]*+)(?P<last>[-−])?\s*+(?P<close>\))?"
)
CONVERTED = re.compile(r"\s*\([A-Z]{3} [\d.,]+\)$")  # “EUR 900.00 (USD 1,000.00)”: the first is the amount
FOREIGN_SIGNS = str.maketrans({"٫": ".", "٬": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
GROUP_SIGNS = str.maketrans("", "", "'’ ")
MAX_AMOUNT = 10**15
MAX_AMOUNT_LENGTH = 200  # characters of an amount, with all that may stand beside it


DECIMAL_MARKS = {".": _l("1,234.50"), ",": _l("1.234,50")}


class MarkProof(StrEnum):
    """What the values of a file say about their decimal mark."""

    NONE = "none"  # there is no mark in them
    PROVEN = "proven"
    OPEN = "open"  # “25.000” can be read two ways, or they contradict each other


def find_decimal_mark(values: Iterable[str], whole: Iterable[str] = ()) -> tuple[str, MarkProof]:
    """Return the mark that the values prove, '' when they can be read two ways, else the point.

    `whole`: values of columns that hold whole numbers, so that “30.000” has no decimals.
    """
    return combined_mark(marks_proved_by(values) | marks_proved_by_whole_numbers(whole))


def marks_proved_by(values: Iterable[str]) -> set[str]:
    """Return the marks that these amounts prove; '' for one that can be read two ways."""
    return {proof for proof in map(_proved_mark, values) if proof is not None}


def marks_proved_by_whole_numbers(values: Iterable[str]) -> set[str]:
    return {proof for proof in map(_proved_by_whole, values) if proof is not None}


def combined_mark(proofs: Collection[str]) -> tuple[str, MarkProof]:
    marks = {*proofs} - {""}
    if len(marks) == 1:
        return marks.pop(), MarkProof.PROVEN
    return ("", MarkProof.OPEN) if proofs else (".", MarkProof.NONE)


def _proved_mark(value: str) -> str | None:
    """The mark it proves; '' when it can be read two ways; None when it holds none."""
    match = AMOUNT.fullmatch(_ascii_text(value))
    digits = match["digits"].translate(GROUP_SIGNS).rstrip(".,") if match else ""
    marks = [sign for sign in digits if sign in ".,"]
    if not marks:
        return None
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return "," if last == "." else "."
    return _lone_mark(digits, last)


def _lone_mark(digits: str, mark: str) -> str:
    """A mark that stands alone is the decimal mark, unless what follows could be thousands."""
    head, _, tail = digits.partition(mark)
    return "" if len(tail) == 3 and len(head) <= 3 and head != "0" else mark


def _proved_by_whole(value: str) -> str | None:
    proof = _proved_mark(value)
    return ("," if "." in value else ".") if proof == "" else proof


def read_amount(value: str, mark: str) -> tuple[Decimal, str]:
    """Return the amount and the currency beside it ('' if none). Raise ValueError."""
    match = AMOUNT.fullmatch(_ascii_text(value))
    if match is None or bool(match["open"]) != bool(match["close"]):
        raise ValueError(value)
    factor, currency = _factor_and_currency(match["before"], match["after"])
    amount = Decimal(_digits(match["digits"], mark)) * factor
    signs = [sign for name in ("open", "sign", "minus", "last") if (sign := match[name])]
    if amount >= MAX_AMOUNT or len(signs) > 1:
        raise ValueError(value)
    return (-amount if signs and signs != ["+"] else amount), currency


def _ascii_text(value: str) -> str:
    """ASCII digits and spaces, without the quote that makes a number text in a spreadsheet."""
    text = value.strip().removeprefix("'")
    if len(text) > MAX_AMOUNT_LENGTH:
        return ""  # no number; to look for one in a megabyte would take hours
    if not text.isascii():
        text = "".join(_digit(sign) for sign in text.translate(FOREIGN_SIGNS)).strip()
    return CONVERTED.sub("", text)


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign, sign))


def _digits(text: str, mark: str) -> str:
    """Only the digits and one point. Both marks in one number, or one mark twice, say which groups thousands."""
    text = text.translate(GROUP_SIGNS).rstrip(".,")
    marks = [sign for sign in text if sign in ".,"]
    if len(set(marks)) == 2:
        mark = marks[-1]
    elif len(marks) > 1:
        mark = "," if marks[0] == "." else "."
    elif marks:
        mark = _lone_mark(text, marks[0]) or mark
    whole, _, rest = text.partition(mark) if mark in text else (text, "", "")
    groups = whole.split("." if mark == "," else ",")
    if not _is_grouped(groups) or (not rest.isdigit() and rest):
        raise ValueError(text)
    return f"{''.join(groups)}.{rest or 0}"


def _is_grouped(groups: list[str]) -> bool:
    """Thousands, or as in India: 12,34,567."""
    if len(groups) == 1:
        return True
    first, *middle, last = groups
    return 0 < len(first) <= 3 and len(last) == 3 and {len(group) for group in middle} in ({3}, {2}, set())


def _factor_and_currency(before: str, after: str) -> tuple[int, str]:
    """Factor and currency: “€” and “Mio.”, “k €”, “K€”, “M USD”."""
    factor, currencies = 1, [before] if before else []
    for word in _words(after):
        if (found := FACTOR_WORDS.get(word.rstrip(".").lower())) and factor == 1:
            factor = found
        else:
            currencies.append(word)
    codes = {currency_of(each) for each in currencies}
    if len(codes) > 1 or (factor > 1 and before.lower() in FACTOR_WORDS):
        raise ValueError(before + after)
    return factor, codes.pop() if codes else ""


def _words(after: str) -> Iterator[str]:
    """A symbol ends the word before it: “k€”."""
    for word in after.split():
        symbol = next((each for each in SYMBOLS if not each.isascii() and word.endswith(each)), "")
        symbol = symbol or ("$" if word.endswith("$") and word not in SYMBOLS else "")
        yield from filter(None, (word.removesuffix(symbol), symbol))


def currency_of(text: str) -> str:
    """Return an ISO code, from itself or a symbol. Raise ValueError for anything else."""
    if not text:
        return ""
    if text in SYMBOLS:
        return SYMBOLS[text]
    if text.upper() in CODES:
        return text.upper()
    raise ValueError(text)


def cents(amount: Decimal) -> int:
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
