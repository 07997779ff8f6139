"""How a name is folded to be found, whatever its accents, ß, case, apostrophes and hyphens.

This is for looking, never for identity: who is the same company is up to `portal/accounts/name_normalization.py`.
Each word stands behind a space, so that `% be%` finds words that begin with it. A word that has umlauts, or may stand
for one that has, is there in each spelling: “Müller” as `muller mueller`, “Mueller” as `mueller muller`.
"""

import re
import unicodedata
from functools import lru_cache

MOST_WORDS = 6  # of what somebody typed
WITHOUT_APOSTROPHES = str.maketrans("", "", "'’‘‛`´ʹʻʼʽʾʿ′＇")
# Letters that don't come apart into a plain one and a mark.
PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "þ": "th"}
)
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
SPELLED_OUT = (str.maketrans(UMLAUTS), str.maketrans(UMLAUTS | {"ø": "oe", "å": "aa"}))
SPELLED_OUT_PAIR = re.compile("ae|oe|ue|aa")
ASCII_WORD = re.compile("[a-z0-9]+")


def folded(name: str) -> str:
    """Return the words of a name, each behind a space. A name of several parts is folded part by part."""
    spellings = (spelling for word in _words(name) for spelling in _spellings(word))
    return "".join(f" {spelling}" for spelling in dict.fromkeys(spellings))


def search_words(typed: str) -> list[str]:
    """Return what somebody looks for, word by word, as it is found in folded names."""
    return [plain for word in _words(typed) for plain in _plain(word).split()][:MOST_WORDS]


def spellings_of(word: str) -> list[str]:
    """The ways to write a word that was typed."""
    return list(dict.fromkeys(spelling for each in _words(word) for spelling in _spellings(each)))


def _words(name: str) -> list[str]:
    """Lower case, composed, so that an umlaut is one letter."""
    if name.isascii():  # most names, in a tenth of the time
        return ASCII_WORD.findall(name.replace("'", "").replace("`", "").lower())
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return _parted(composed.translate(WITHOUT_APOSTROPHES)).split()


def _parted(text: str) -> str:
    """Letters, digits and marks stay; everything else parts words."""
    return "".join(sign if unicodedata.category(sign)[0] in "LNM" else " " for sign in text)


@lru_cache(maxsize=50_000)  # the words of names repeat themselves
def _spellings(word: str) -> tuple[str, ...]:
    spelled = [_plain(way) for way in (word, *map(word.translate, SPELLED_OUT))]
    either = (way for plain in spelled for way in (plain, SPELLED_OUT_PAIR.sub(_first_letter, plain)))
    return tuple(part for way in either for part in way.split())


def _first_letter(pair: re.Match[str]) -> str:
    return pair[0][0]


def _plain(word: str) -> str:
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word.translate(PLAIN_LETTERS))
    return _parted("".join(sign for sign in apart if unicodedata.category(sign) != "Mn"))
