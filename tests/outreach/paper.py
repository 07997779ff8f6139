"""A letter of any kind as one reader gets it, without a workspace or a database."""

from typing import Any
from uuid import UUID

from portal.links import Purpose
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, kept_fields, kept_links
from portal.outreach.models import Letter
from portal.outreach.rendering import Desk, Written
from portal.outreach.templates.defaults import Words, default
from portal.outreach.templates.samples import NOBODY, sample
from tenants.models import Tenant

LEDGERWORKS = Tenant(
    id=UUID(int=1),
    slug="ledgerworks",
    name="Ledgerworks",
    accent="#2f4fc4",
    time_zone="Europe/Berlin",
    postal_address="Ledgerworks GmbH\nTorstr. 140\n10119 Berlin",
)


def desk(*, live: bool = True) -> Desk:
    return Desk(LEDGERWORKS, "http://goodword.example", live)


def letter(kind: LetterKind, /, name: str = "Ada Lindqvist", **changes: Any) -> Letter:
    its = sample(kind)
    preferences = {"preferences": Link(Purpose.PREFERENCES, NOBODY)}
    return Letter(
        id=NOBODY,
        kind=kind.value,
        letter_class=kind.rule.letter_class,
        advocate_id=NOBODY,
        recipient="ada@nordbank.example",
        recipient_name=name,
        time_zone="",
        locale="en",
        fields=kept_fields(its.fields | changes),
        links=kept_links(its.links | preferences),
    )


def written(kind: LetterKind, /, *, live: bool = True, words: Words | None = None, **changes: Any) -> Written:
    return desk(live=live).written(letter(kind, **changes), words or default(kind))
