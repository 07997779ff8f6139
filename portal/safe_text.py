"""Which words of people may stand in an email.

Mail programs make links of much that nobody marked as one, and an email of ours lends its trust to whatever stands in
it. So a name that looks like a link, an address or markup is left out, and links are taken out of what people wrote.
Pages show everything as it was typed.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

MAX_NAME, MAX_COMPANY = 80, 120
MAX_DIGITS = 4  # "X Æ A-12" is a name; a telephone number is none
MAX_MARKS = 4  # above and below one letter
REMOVED_LINK = "[…]"
ALLOWED_MARKS = frozenset(" \u00a0'’‘ʼʻ´.,-‐‑–()&+/\"“”„«»・")
JOINERS = "\u200c\u200d"  # Persian and Indic names need them
DOTLIKE = frozenset("\ua78f\u1427")  # letters that look like a dot
TITLES = frozenset({"Dr", "Prof", "St", "Mr", "Mrs", "Ms", "Dipl", "Ing", "Mag", "Ph"})
TIGHT_INITIAL = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,4})\.(?=([^\W\d_])([^\W\d_]))")
MISSING_SPACE = re.compile(r"(?<=[^\W\d_])\.(?=([^\W\d_])([^\W\d_]))")
BEFORE_LETTERS = re.compile(r"\.(?:[^\W\d_]{2}|\d)|//|\bwww\.|(?<![lL])·|·(?![lL])", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"//|[@<>\[\]{}`\\]|\.\w+[/:]|^\W*www\b", re.IGNORECASE)
DOMAIN_END = re.compile(r"(?<=\w)(?:\.[^\W\d_]{2,})+")
PIECE = re.compile(r"[^\s<>()\"“”„«»「」『』，、；！？]+")
LINK = re.compile(
    r"//|@|(?<![^\W_])www[.。]|"
    r"(?<![^\W_])(?:https?|hxxps?|s?ftps?|mailto|tel|sms|callto|skype|facetime|whatsapp|javascript|data|file|vbscript):|"
    r"[^\W_]-?\.[^\W\d_]{2}|[^\W_]\.xn--|[a-z0-9]。[a-z]{2}|"
    r"(?:\d{1,3}\.){3}\d|\]\(",
    re.IGNORECASE,
)


@lru_cache(maxsize=10_000)
def safe_name(name: str) -> str:
    spaced = TIGHT_INITIAL.sub(_spaced_title, " ".join(name.split()))
    seen = unicodedata.normalize("NFKC", spaced)
    is_name = (
        len(seen) <= MAX_NAME
        and any(char.isalpha() for char in seen)
        and all(map(_is_ordinary, spaced + seen))
        and sum(char.isdigit() for char in seen) <= MAX_DIGITS
        and not BEFORE_LETTERS.search(_visible(seen))
        and _longest_run_of_marks(seen) <= MAX_MARKS
    )
    return spaced if is_name else ""


def safe_company(name: str) -> str:
    short = _in_sentences(" ".join(name.split()))
    seen = unicodedata.normalize("NFKC", short)
    if _is_link(short):
        short = DOMAIN_END.sub("", seen)
    is_harmless = not (WEB_ADDRESS.search(seen) or _is_link(short) or any(map(_is_invisible, seen)))
    return short if is_harmless and len(short) <= MAX_COMPANY else ""


def without_links(text: str) -> str:
    """Put a mark in the place of each link or address."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf" or char in JOINERS)
    return PIECE.sub(_without_link, visible)


def _without_link(piece: re.Match[str]) -> str:
    """Where only the space after a sentence is missing, it is put in."""
    for words in (piece[0], _in_sentences(piece[0])):
        if not _is_link(words):
            return words
    return REMOVED_LINK + piece[0][len(piece[0].rstrip(".,:;!?")) :]


def _is_link(piece: str) -> bool:
    return LINK.search(_visible(unicodedata.normalize("NFKC", piece))) is not None


def _in_sentences(piece: str) -> str:
    return MISSING_SPACE.sub(lambda dot: ". " if dot[1].isupper() and dot[2].islower() else ".", piece)


def _spaced_title(dot: re.Match[str]) -> str:
    """“J.Smith”, “Dr.Müller” and “M.Sc.” are written tightly, and meant as “J. Smith”."""
    before, first, second = dot.groups()
    is_meant = before in TITLES or (len(before) == 1 and before.isupper())
    return f"{before}. " if is_meant and first.isupper() and second.islower() else dot[0]


def _is_ordinary(char: str) -> bool:
    if char in ALLOWED_MARKS or char in JOINERS or char == "·":
        return True
    kind = unicodedata.category(char)[0]
    if kind == "N":
        return unicodedata.normalize("NFKC", char).isascii()
    return kind in "LM" and char not in DOTLIKE


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char)[0] == "C" and char not in JOINERS


def _visible(text: str) -> str:
    """Without what is not seen: it must not stand between a dot and its letters."""
    return "".join(char for char in text if unicodedata.category(char)[0] not in "MC")


def _longest_run_of_marks(text: str) -> int:
    runs = (len([*run]) for is_mark, run in groupby(text, _is_mark) if is_mark)
    return max(runs, default=0)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"
