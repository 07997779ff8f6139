"""A CSV file of contacts: who is in the program may be invited, everybody else is listed and gets no email."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import BinaryIO

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.email_address import InvalidAddress, parse_address
from portal.events.guest_models import EventGuest, GuestSource
from portal.events.manage.invite_preview import people_by_address
from portal.events.models import Event
from portal.text import clean_text
from tenants.email_addresses import normalize_email

LARGEST_FILE = 2  # MB
MOST_LINES = 10_000
MOST_NAMED = 10
LONGEST = 120
HEADINGS = {
    "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
    "name": ("name", "full name", "guest"),
    "first_name": ("first name", "first", "given name"),
    "last_name": ("last name", "last", "surname", "family name"),
    "company": ("company", "organization", "organisation", "account"),
    "title": ("title", "job title", "role", "position"),
}


class UnreadableContacts(Exception):
    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class ContactLine:
    number: int
    email: str
    name: str = ""
    company: str = ""
    title: str = ""


@dataclass
class ContactsFound:
    """What became of each line."""

    invitable: list[str] = field(default_factory=list)
    listed: int = 0
    already: int = 0
    twice: int = 0
    unreadable: list[int] = field(default_factory=list)


def read(stream: BinaryIO) -> list[ContactLine]:
    given = stream.read(LARGEST_FILE * 1024 * 1024 + 1)
    if len(given) > LARGEST_FILE * 1024 * 1024:
        raise UnreadableContacts(_("This file is larger than %(most)s MB.", most=LARGEST_FILE))
    rows = list(_rows(_text(given)))
    if not rows:
        raise UnreadableContacts(_("This file is empty."))
    places = _columns(rows[0])
    if "email" not in places:
        raise UnreadableContacts(_("No column is called “Email”. The first line has to name the columns."))
    if len(rows) - 1 > MOST_LINES:
        raise UnreadableContacts(
            _("This file has more than %(most)s lines. Please split it.", most=f"{MOST_LINES:,}")
        )
    return [_line(number, row, places) for number, row in enumerate(rows[1:], 2) if any(row)]


def _text(given: bytes) -> str:
    if b"\x00" in given:
        raise UnreadableContacts(_("This is no CSV file. Please save the sheet as CSV first."))
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError:
        return given.decode("cp1252", errors="replace")


def _rows(text: str) -> Sequence[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [[clean_text(cell) for cell in row] for row in csv.reader(StringIO(text), delimiter=delimiter)]
    except csv.Error as wrong:
        raise UnreadableContacts(_("This is no CSV file. Please save the sheet as CSV first.")) from wrong


def _columns(first: Sequence[str]) -> dict[str, int]:
    """Where each is, by its heading."""
    heads = [" ".join(head.replace("_", " ").casefold().split()) for head in first]
    return {
        name: place
        for name, words in HEADINGS.items()
        for place, head in enumerate(heads)
        if head in words and heads.index(head) == place
    }


def _line(number: int, row: Sequence[str], places: dict[str, int]) -> ContactLine:
    def cell(name: str) -> str:
        place = places.get(name)
        return row[place][:LONGEST].replace("\n", " ") if place is not None and place < len(row) else ""

    name = cell("name") or f"{cell('first_name')} {cell('last_name')}".strip()
    return ContactLine(number, cell("email"), name, cell("company"), cell("title"))


def list_contacts(session: Session, event: Event, lines: Sequence[ContactLine]) -> ContactsFound:
    """The event is locked. Read again, the same file lists nobody twice."""
    found, seen = ContactsFound(), set[str]()
    in_program = people_by_address(session, [line.email for line in lines])
    known = _known(session, event)
    for line in lines:
        norm = _address(line.email)
        if not norm:
            found.unreadable.append(line.number)
        elif norm in seen:
            found.twice += 1
        elif norm in known:
            found.already += 1
        elif norm in in_program:
            found.invitable.append(norm)
        else:
            session.add(_contact(event, line, norm))
            found.listed += 1
        seen.add(norm)
    return found


def _address(given: str) -> str:
    try:
        return normalize_email(parse_address(given))
    except InvalidAddress:
        return ""


def _known(session: Session, event: Event) -> set[str]:
    rows = select(EventGuest.email_norm, Advocate.email_norm).where(EventGuest.event_id == event.id)
    rows = rows.outerjoin(Advocate, Advocate.id == EventGuest.advocate_id)
    return {norm for pair in session.execute(rows) for norm in pair if norm}


def _contact(event: Event, line: ContactLine, norm: str) -> EventGuest:
    return EventGuest(
        event_id=event.id,
        source=GuestSource.FILE,
        email=line.email.strip(),
        email_norm=norm,
        name=line.name,
        company=line.company,
        title=line.title,
    )
