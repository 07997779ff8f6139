"""From a letter's row and its text to what leaves: paper made once, blanks filled for each reader.

Whatever people typed is escaped and never read as a template: `{{7*7}}` in a name stays text.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.errors import DomainError
from portal.gateways.mail import Addressed, Paper, put_in
from portal.outreach.addresses import Addresses
from portal.outreach.kinds import LetterKind
from portal.outreach.templates import filling
from portal.outreach.templates.compiling import TOO_LARGE, Brand, Sheet, compiled
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.fields import Known, Lacking
from tenants.models import Tenant

LACKING = (Lacking, KeyError, TypeError, ValueError, AttributeError)


class Unwritable(DomainError):
    """The letter lacks something its text needs. It fails alone, the others go on."""


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Desk:
    """Where letters of one workspace are written. `live` puts true links in: for sending only."""

    workspace: Tenant
    public_url: str
    live: bool = False

    @cached_property
    def brand(self) -> Brand:
        return brand_of(self.workspace, self.public_url)

    def paper(self, kind: LetterKind, locale: str, words: Words) -> Paper:
        return compiled(kind, words, self.brand, locale).paper

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self.public_url.rstrip("/"), self.workspace, self.live)

    @cached_property
    def sheets(self) -> dict[tuple[str, str, Words], Sheet]:
        return {}

    def sheet(self, letter: Any, words: Words) -> Sheet:
        """Looked up once for a text: a campaign asks for the same sheet a thousand times."""
        key = (letter.kind, letter.locale, words)
        if key not in self.sheets:
            self.sheets[key] = compiled(LetterKind(letter.kind), words, self.brand, letter.locale)
        return self.sheets[key]

    def known(self, letter: Any) -> Known:
        return Known(letter, self.workspace.name, self.workspace.time_zone, self.addresses)

    def addressed(self, letter: Any, words: Words) -> Addressed:
        """One reader of a bundle. Raises Unwritable."""
        calendar, known = letter.calendar or {}, self.known(letter)
        try:
            sheet = self.sheet(letter, words)
            blanks = filling.blanks(sheet, known, self.brand)
        except LACKING as lacking:
            raise _unwritable(lacking) from lacking
        if sheet.is_too_large(blanks):
            raise Unwritable(TOO_LARGE, size=sheet.size(blanks) // 1000)
        return Addressed(
            id=letter.id,
            recipient=letter.recipient,
            recipient_name=known.reader,
            blanks=blanks,
            unsubscribe=known.unsubscribe,
            calendar=calendar.get("content", ""),
            calendar_method=calendar.get("method", ""),
        )

    def written(self, letter: Any, words: Words) -> Written:
        """The whole letter, as one reader sees it. Raises Unwritable."""
        try:
            sheet = self.sheet(letter, words)
            blanks = filling.blanks(sheet, self.known(letter), self.brand)
        except LACKING as lacking:
            raise _unwritable(lacking) from lacking
        return Written(
            *(put_in(part, blanks) for part in (sheet.paper.subject, sheet.paper.text, sheet.paper.html))
        )

    def subject(self, letter: Any, words: Words) -> str:
        """For lists: what the letter says on top, without writing the rest. Raises Unwritable."""
        try:
            return filling.subject(self.sheet(letter, words), self.known(letter))
        except LACKING as lacking:
            raise _unwritable(lacking) from lacking


def brand_of(workspace: Tenant, public_url: str) -> Brand:
    base = public_url.rstrip("/")
    logo = f"{base}/brand/{workspace.slug}/logo/{workspace.logo_id}" if workspace.logo_id else ""
    return Brand(workspace.name, workspace.accent, logo, _postal(workspace))


def _unwritable(lacking: Exception) -> Unwritable:
    return Unwritable("This letter could not be written: %(why)s.", why=lacking)


def _postal(workspace: Tenant) -> str:
    lines = [line.strip().rstrip(",") for line in workspace.postal_address.splitlines()]
    postal = ", ".join(line for line in lines if line)
    return postal if workspace.name in postal else ", ".join(filter(None, (workspace.name, postal)))
