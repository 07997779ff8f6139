"""What people write about: words, and pairs of words, that several of them used. Nothing is guessed beyond that."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
FEWEST = 3  # people who must have used it
MOST = 8  # themes
IS_THE_PAIR = 2 / 3  # a word that mostly stands in one pair is told by the pair
EMPTY_WORDS_TEXT = (
    "a about after all also always am an and any are as at be because been before being but by can could did "
    "do does doing don't done each even ever every few for from get gets getting give given go good got great "
    "had has have having he her here him his how i i'm i've if in into is isn't it it's its just know less "
    "like little lot lots made make makes many may me more most much must my need never no nor not nothing "
    "now of off often on once one only or other our out over own quite rather really same say see she should "
    "since so some something still such sure take than that that's the their them then there these they "
    "they're thing things think this those through to too under until up us use used using very want was way "
    "we we're well went were what when where which while who why will with without work works would yet you "
    "your"
)
EMPTY_WORDS = frozenset(EMPTY_WORDS_TEXT.split())
Term = tuple[str, ...]  # one word or two, each as `_stem` cuts it


@dataclass(frozen=True)
class Theme:
    """`places`: which of the texts mention it, by their place in the list."""

    label: str
    places: Sequence[int]

    @property
    def key(self) -> str:
        """As an address says it."""
        return " ".join(_stem(word) for word in self.label.split())


def themes(texts: Sequence[str]) -> list[Theme]:
    """The most mentioned first; each text counts once for a theme, however often it says it."""
    found, spellings = _places(texts)
    told: list[Theme] = []
    used: set[str] = set()
    for term in sorted(found, key=lambda one: (-len(found[one]), one)):
        shown = _pair_for(term, found) if len(term) == 1 else term
        if not used & set(shown):
            used |= set(shown)
            told.append(Theme(_label(shown, spellings), sorted(found[shown])))
    return told[:MOST]


def mentions(text: str, key: str) -> bool:
    """Does this text speak of a theme, as `Theme.key` names it?"""
    return tuple(key.split()) in set(_terms(text))


def _places(texts: Sequence[str]) -> tuple[Mapping[Term, set[int]], Mapping[str, Counter[str]]]:
    """Which texts hold each term that enough of them hold, and how words were spelled."""
    found: defaultdict[Term, set[int]] = defaultdict(set)
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place, text in enumerate(texts):
        for term in _terms(text):
            found[term].add(place)
        for word in _words(text):
            spellings[_stem(word)][word] += 1
    return {term: places for term, places in found.items() if len(places) >= FEWEST}, spellings


def _terms(text: str) -> Iterator[Term]:
    """Words that say something, and pairs of them that stand side by side."""
    words = [None if _is_empty(word) else _stem(word) for word in _words(text)]
    yield from ((word,) for word in words if word)
    yield from ((one, other) for one, other in pairwise(words) if one and other and one != other)


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in WORD.findall(text.casefold())]


def _is_empty(word: str) -> bool:
    return len(word) < 3 or word in EMPTY_WORDS


def _stem(word: str) -> str:
    """One import, many imports; a word that ends in s by itself (class, status) keeps it."""
    return (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )


def _pair_for(term: Term, found: Mapping[Term, Collection[int]]) -> Term:
    pairs = [pair for pair in found if len(pair) == 2 and term[0] in pair]
    best = max(pairs, key=lambda pair: (len(found[pair]), pair), default=term)
    return best if len(found[best]) >= IS_THE_PAIR * len(found[term]) else term


def _label(term: Term, spellings: Mapping[str, Counter[str]]) -> str:
    """As most people wrote it."""
    return " ".join(max(spellings[word], key=lambda one: (spellings[word][one], one)) for word in term)
