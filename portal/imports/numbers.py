"""Numbers and money as they are typed: “$1,234.50”, “1.234,50 €”, “USD 12k” is not one of them."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

SYMBOLS = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "CHF": "CHF",
    "Fr.": "CHF",
    "A$": "AUD",
}
AMOUNT = re.compile(
    r"(?P<open>\()?(?P<minus>[-−])?\s*(?P<before>[^\d\s(.,-]{0,4})\s*(?P<minus2>[-−])?"
    r"(?P<digits>\d[\d.,'’ \u00a0\u202f]*+)\s*+(?P<after>[^\d\s).,]{0,4})(?P<close>\))?"
)
GROUPS = str.maketrans("", "", "'’ \u00a0\u202f")
LARGEST = 10**15


def guess_mark(values: Iterable[str]) -> str:
    """The decimal mark that the values themselves prove, else the point."""
    proofs = {proof for value in values if (proof := _proof(value))}
    return "," if proofs == {","} else "."


def _proof(value: str) -> str:
    match = AMOUNT.fullmatch(value.strip())
    marks = [sign for sign in (match["digits"] if match else "") if sign in ".,"]
    if not match or not marks:
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return "," if last == "." else "."
    tail = match["digits"].translate(GROUPS).rpartition(last)[2]
    return last if len(tail) != 3 else ""


def read_amount(value: str, mark: str) -> tuple[Decimal, str]:
    """The amount and the currency written beside it ('' if none). Raises ValueError when this is no number."""
    match = AMOUNT.fullmatch(value.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        raise ValueError(value)
    amount = Decimal(_digits(match["digits"], mark))
    if amount >= LARGEST:
        raise ValueError(value)
    signs = [match[sign] for sign in ("open", "minus", "minus2") if match[sign]]
    if len(signs) > 1:
        raise ValueError(value)
    return (-amount if signs else amount), currency_of(match["before"] or match["after"])


def _digits(text: str, mark: str) -> str:
    """Only the digits and one point. Both marks in one number, or one mark twice, say which groups thousands."""
    text = text.translate(GROUPS).rstrip(".,")
    marks = [sign for sign in text if sign in ".,"]
    if len(set(marks)) == 2:
        mark = marks[-1]
    elif len(marks) > 1:
        mark = "," if marks[0] == "." else "."
    whole, _, rest = text.partition(mark) if mark in text else (text, "", "")
    groups = whole.split("." if mark == "," else ",")
    if any(len(group) != 3 for group in groups[1:]) or (not rest.isdigit() and rest):
        raise ValueError(text)
    return f"{''.join(groups)}.{rest or 0}"


def currency_of(text: str) -> str:
    """An ISO code, or a symbol that stands for one. Raises ValueError for anything else."""
    if not text:
        return ""
    if text in SYMBOLS:
        return SYMBOLS[text]
    if len(text) == 3 and text.isascii() and text.isalpha():
        return text.upper()
    raise ValueError(text)


def cents(amount: Decimal) -> int:
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
