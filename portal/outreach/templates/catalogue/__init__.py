"""Which merge fields each kind of letter knows. A new kind joins `OWN` here and gets a default text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from portal.outreach.kinds import LetterKind
from portal.outreach.templates.catalogue.asks import ASK
from portal.outreach.templates.catalogue.common import COMMON, NEW_LINK, OWN_LETTER
from portal.outreach.templates.fields import Field


@dataclass(frozen=True)
class Knows:
    """`needs`: links without which the letter would lead nowhere."""

    fields: tuple[Field, ...] = ()
    needs: tuple[str, ...] = ()


OWN: Mapping[LetterKind, Knows] = {
    LetterKind.ASK: Knows(ASK, needs=("answer_link",)),
    LetterKind.ASK_REMINDER: Knows(ASK, needs=("answer_link",)),
    LetterKind.OWN: Knows(OWN_LETTER),
    LetterKind.NEW_LINK: Knows(NEW_LINK, needs=("page_link",)),
}


@cache
def fields_of(kind: LetterKind) -> Mapping[str, Field]:
    return {field.name: field for field in (*OWN.get(kind, Knows()).fields, *COMMON)}


def needs_of(kind: LetterKind) -> tuple[str, ...]:
    return OWN.get(kind, Knows()).needs
