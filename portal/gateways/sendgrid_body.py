"""Letters as SendGrid takes them: one text for up to 1,000 readers, or one letter by itself with its blanks filled.

What is the same for all readers is built with SendGrid's own classes, once a call. What differs from reader to reader
is plain dicts: a class for each of 1,000 readers would take five times as long.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sendgrid.helpers.mail import (
    Attachment,
    ClickTracking,
    Disposition,
    Email,
    FileContent,
    FileName,
    FileType,
    HtmlContent,
    Mail,
    OpenTracking,
    PlainTextContent,
    SubscriptionTracking,
    TrackingSettings,
)

from portal.gateways import letter_ids
from portal.gateways.mail import TAG, Addressed, Bundle, OutgoingLetter, Paper, fill, unsubscribe_headers
from portal.gateways.mime import BadHeader, address, insist_on_one_line

LARGEST = 30 * 1000 * 1000  # bytes of a whole call
MOST_BLANKS = 10_000  # bytes of the substitutions of one reader
OUR_ARGUMENT = "gw"  # SendGrid gives it back with every event
PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
NOT_ASCII = (
    "SendGrid doesn't deliver to addresses outside plain ASCII before the @. Nothing was sent to “{spec}”."
)
METHODS = {"REQUEST": "invitation.ics", "CANCEL": "cancelled.ics"}


class Reader(NamedTuple):
    """A letter whose address and name were looked at. `is_alone`: it has something no other letter may have."""

    letter: Addressed
    to: Mapping[str, str]
    is_alone: bool


@dataclass(frozen=True)
class Sheet:
    """The blanks of a paper: looked up once, not once for each reader."""

    tags: frozenset[str]
    on_top: Sequence[str]  # those of the subject

    @classmethod
    def of(cls, paper: Paper) -> "Sheet":
        tags = TAG.findall(paper.subject + paper.text + paper.html)
        return cls(frozenset(tags), sorted(set(TAG.findall(paper.subject))))

    def reader(self, letter: Addressed) -> Reader:
        """Raises BadHeader for what would write headers of its own, is no address, or leaves a blank open."""
        if not self.tags <= letter.blanks.keys():
            raise BadHeader("A blank of this letter has nothing to stand in it.")
        insist_on_one_line(letter.recipient_name, *(letter.blanks[tag] for tag in self.on_top))
        to = {"email": _address(letter.recipient)}
        if letter.recipient_name:
            to["name"] = letter.recipient_name
        return Reader(letter, to, bool(letter.calendar) or _is_too_much(letter.blanks))


def envelope(bundle: Bundle, paper: Paper | OutgoingLetter) -> dict[str, Any]:
    """All but the readers. Raises BadHeader, and what SendGrid's classes raise."""
    insist_on_one_line(bundle.sender_name, paper.subject)
    mail = Mail(
        from_email=Email(_address(bundle.sender), bundle.sender_name),
        subject=paper.subject,
        plain_text_content=PlainTextContent(paper.text),
        html_content=HtmlContent(paper.html),
    )
    if bundle.reply_to:
        mail.reply_to = Email(_address(bundle.reply_to))
    mail.tracking_settings = TrackingSettings(
        ClickTracking(bundle.measured, enable_text=False),
        OpenTracking(bundle.measured),
        SubscriptionTracking(enable=False),
    )
    return dict(mail.get())


def together(shared: Mapping[str, Any], tenant_id: UUID, readers: Iterable[Reader]) -> bytes:
    return _written({**shared, "personalizations": [_personal(tenant_id, one) for one in readers]})


def alone(bundle: Bundle, one: Reader) -> bytes:
    """Every blank is filled here, and the calendar file goes along."""
    letter = fill(bundle, one.letter)
    person = _personal(bundle.tenant_id, one)
    del person["substitutions"]
    files = {"attachments": [_calendar(letter).get()]} if letter.calendar else {}
    return _written({**envelope(bundle, letter), **files, "personalizations": [person]})


def waves(readers: Sequence[Reader]) -> list[list[Reader]]:
    """Calls in which nobody is written to twice."""
    found: list[list[Reader]] = []
    seen: dict[str, int] = {}
    for one in readers:
        address = one.to["email"].lower()
        number = seen[address] = seen.get(address, -1) + 1
        if number == len(found):
            found.append([])
        found[number].append(one)
    return found


def _personal(tenant_id: UUID, one: Reader) -> dict[str, Any]:
    letter = one.letter
    made = {
        "to": [one.to],
        "substitutions": letter.blanks,
        "custom_args": {OUR_ARGUMENT: letter_ids.encode(tenant_id, letter.id)},
    }
    if letter.unsubscribe:
        made["headers"] = unsubscribe_headers(letter.unsubscribe)
    return made


def _calendar(letter: OutgoingLetter) -> Attachment:
    name = METHODS.get(letter.calendar_method, "invitation.ics")
    kind = f"text/calendar; method={letter.calendar_method}" if letter.calendar_method else "text/calendar"
    content = base64.b64encode(letter.calendar.encode()).decode()
    return Attachment(FileContent(content), FileName(name), FileType(kind), Disposition("attachment"))


def _written(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _is_too_much(blanks: Mapping[str, str]) -> bool:
    signs = sum(map(len, blanks)) + sum(map(len, blanks.values()))
    if signs * 4 <= MOST_BLANKS:  # no sign takes more than four bytes
        return False
    return sum(len(each.encode(errors="replace")) for pair in blanks.items() for each in pair) > MOST_BLANKS


def _address(spec: str) -> str:
    """Nearly all addresses are plain; the others are looked at closely, which takes its time.

    SendGrid says yes to letters outside ASCII before the @ and drops the email afterwards.
    """
    if PLAIN.fullmatch(spec):
        return spec
    plain = address("", spec).addr_spec
    if not plain.isascii():
        raise BadHeader(NOT_ASCII.format(spec=spec))
    return plain
