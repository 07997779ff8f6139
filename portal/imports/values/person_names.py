"""A whole name in two: “Ada van der Berg”, “Lindqvist, Ada”, “King, Jr., Martin”, “Dr. María García”."""

import re


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMA = re.compile(r",(?=\s|$)|(?<=\w),(?=\w+$)")
HONORIFICS = words_of(
    "dr prof professor mr mrs ms miss mx sir dame herr frau hr fr mme mlle monsieur madame sr sra "
    "srta dott ing mag dipl-ing rev hon"
)
SUFFIXES = words_of(
    "jr sr i ii iii iv v phd ph.d md m.d mba m.b.a esq cpa dds jd msc m.sc bsc b.sc ma m.a ba b.a "
    "llm pmp cfa rn pe"
)
PARTICLES = words_of(
    "van von vom zu zum zur de da di do du del dela della der den des dos das la le el al ter ten te "
    "af av bin ibn ben"
)


def split_name(whole: str) -> tuple[str, str]:
    parts = [part.strip() for part in COMMA.split(whole) if part.strip()]
    suffixes = [part for part in parts[1:] if _is_among(part, SUFFIXES)]
    names = [part for part in parts if part not in suffixes]
    if len(names) > 1:
        first, last = _without_honorifics(" ".join(names[1:])), names[0]
    else:
        name = names[0] if names else whole
        bare = _without_honorifics(name)
        first, last = _in_order(bare, is_formal=bool(suffixes) or bare != name)
    return first, " ".join([last, *suffixes]).strip()


def _in_order(name: str, *, is_formal: bool) -> tuple[str, str]:
    words = name.split()
    if len(words) == 1:
        return ("", name) if is_formal else (name, "")
    at = next((at for at, word in enumerate(words[1:], start=1) if word in PARTICLES), 1)
    return " ".join(words[:at]), " ".join(words[at:])


def _without_honorifics(name: str) -> str:
    words = name.split()
    while len(words) > 1 and _is_among(words[0], HONORIFICS) and (words[0].endswith(".") or len(words) > 2):
        words.pop(0)
    return " ".join(words)


def _is_among(word: str, known: frozenset[str]) -> bool:
    return word.rstrip(".").casefold() in known
