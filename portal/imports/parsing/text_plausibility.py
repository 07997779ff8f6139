"""Which of several readings is a language: its letters belong to one alphabet, and its words can be spoken."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

ALPHABETS = [
    frozenset(letters)
    for letters in (
        "äöüß",
        "àâæçéèêëîïôœùûüÿ",
        "áéíñóúüªº",
        "áâãàçéêíóôõúüªº",
        "àèéìíîòóùú",
        "åäöæøéü",
        "áðéíóúýþæö",
        "ąćęłńóśźż",
        "áäčďéěíĺľňóôŕřšťúůýž",
        "áéíóöőúüű",
        "čćđšž",
        "ăâîșțşţ",
        "çğıi̇öşüâî",
        "ąčęėįšųūž",
        "āčēģīķļņšūž",
        "äöõüšž",
        "ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ",
    )
]
VOWELS = frozenset("аеёиоуыэюяієїαεηιουωάέήίόύώϊϋΐΰ")
JAPANESE = {"HIRAGANA", "KATAKANA"}
COMMON_CHARACTERS: dict[
    str, Callable[[int, int], bool]
] = {  # first and second byte of the characters of everyday
    "gb18030": lambda first, second: 0xB0 <= first <= 0xD7 and second > 0xA0,
    "euc_kr": lambda first, second: 0xB0 <= first <= 0xC8 and second > 0xA0,
    "euc_jp": lambda first, second: (first in {0xA4, 0xA5} or 0xB0 <= first <= 0xCF) and second > 0xA0,
    "big5": lambda first, _: 0xA4 <= first <= 0xC6,
    "cp932": lambda first, _: first in {0x82, 0x83} or 0x88 <= first <= 0x97,
}
MOST_OF_TEXT = 0.8
BESIDE_LATIN = re.compile(r"[a-z][^\W\x00-\x7f]|[^\W\x00-\x7f][a-z]", re.IGNORECASE)
SCRIPTS_WITH_VOWELS = {"CYRILLIC", "GREEK"}
HALF_WIDTH = frozenset(map(chr, range(0xFF61, 0xFFA0)))  # Japanese that hardly anybody writes any more
NEUTRAL = frozenset("“”‘’„‚–—…€£©®™°·«»´§№")


def plausibility(lines: bytes, encoding: str) -> float:
    text = lines.decode(encoding, errors="replace")
    signs = [sign for sign in text.lower() if ord(sign) > 127 and sign not in NEUTRAL]
    letters = [sign for sign in signs if sign.isalpha() and sign not in HALF_WIDTH]
    if not letters:
        return 0.0
    script, of_it = Counter(map(_script, letters)).most_common(1)[0]
    if encoding in COMMON_CHARACTERS:
        return _two_byte_share(text, letters, encoding)
    fit = _latin_share(letters) if script == "LATIN" else _pronounceable_share(text)
    return fit * of_it / len(signs)


def _two_byte_share(text: str, letters: list[str], encoding: str) -> float:
    """Everyday characters, not beside Latin letters: nobody writes so by chance, so this outweighs all others."""
    pairs = [letter.encode(encoding) for letter in letters]
    common = sum(len(pair) == 2 and COMMON_CHARACTERS[encoding](*pair) for pair in pairs) / len(pairs)
    return common / 2 if common < MOST_OF_TEXT or BESIDE_LATIN.search(text) else 1 + common


def _latin_share(letters: list[str]) -> float:
    return max(sum(letter in alphabet for letter in letters) for alphabet in ALPHABETS) / len(letters)


def _pronounceable_share(text: str) -> float:
    """The share of Cyrillic or Greek words that have vowels, and no final sigma inside; 1 in other scripts."""
    words = [
        word
        for word in _words(text.lower())
        if any(_script(sign) in SCRIPTS_WITH_VOWELS for sign in word) and len(word) > 2
    ]
    if not words:
        return 1.0
    return sum(_is_pronounceable(word) for word in words) / len(words)


def _is_pronounceable(word: str) -> bool:
    vowels = sum(sign in VOWELS for sign in word)
    return 0.25 <= vowels / len(word) <= 0.75 and "ς" not in word[:-1]


def _words(text: str) -> Iterable[str]:
    return "".join(sign if sign.isalpha() and ord(sign) > 127 else " " for sign in text).split()


def _script(sign: str) -> str:
    script = unicodedata.name(sign, "").partition(" ")[0]
    return "CJK" if script in JAPANESE else script
