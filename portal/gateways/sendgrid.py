"""SendGrid: one call carries up to 1,000 letters of one text. It tells us afterwards what became of each.

SendGrid knows no letter by our id and takes a letter as often as it is sent. So a call that may have been taken is
never made again from here: its letters stay unknown until SendGrid's events tell (portal/outreach/settling.py).
"""

import json
import re
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

from sendgrid.helpers.mail.exceptions import SendGridException

from portal.gateways.http import CONNECT, READ, Answer, Line, NoAnswer, NotDelivered
from portal.gateways.mail import Bundle, Receipt, Settling, Verdict
from portal.gateways.mime import BadHeader
from portal.gateways.sendgrid_body import LARGEST, Reader, Sheet, alone, envelope, together, waves

PATH = "/v3/mail/send"
SHORT = 16  # hex digits that tell keys apart, and lead back to none
URL = "https://api.sendgrid.com"
NOT_BEGUN = (
    10.0  # seconds until a letter that nobody tried to send is looked at again; it costs none of its tries
)
ENOUGH_DOUBT = 3  # calls in a row that nobody knows the end of; then the rest waits
LONGEST_WAIT = 3600.0  # seconds, whatever SendGrid asks for
KEY_REFUSED = "SendGrid refused our key. Nothing was sent; an admin should look at the key. It said: {said}"
NOT_THERE = "SendGrid could not be reached: {said}"
BUSY = "SendGrid takes no more letters at the moment."
IN_DOUBT = "SendGrid did not say whether it took the letter ({said}). It may have arrived."
TURNED_AWAY = "The address of SendGrid sends us elsewhere ({said}). SENDGRID_URL must name SendGrid itself."
SAID = "SendGrid said: {said}"
NO_KEY = "The key for SendGrid holds signs that no key has, so nothing was sent."
TOO_LARGE = "the letter is too large"
SLOW = "SendGrid was too slow for this batch."
WAITING = "SendGrid gave no answers, so the rest of this batch waits."
WRONG = (BadHeader, SendGridException)  # with what is to be written
Make = Callable[[Sequence[Reader]], bytes]


class SendGridGateway:
    name: str = "sendgrid"
    settling: Settling = Settling.EVENTS
    batch: int = 1000

    def __init__(
        self,
        api_key: str,
        url: str = URL,
        *,
        connect: float = CONNECT,
        read: float = READ,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.line = Line(url, connect=connect, read=read, tls=tls)
        self._key = api_key
        self.account = sha256(api_key.encode()).hexdigest()[:SHORT]

    def __repr__(self) -> str:
        return f"<SendGridGateway by {self.line!r}>"

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[Receipt]:
        return Round(self, bundle, time.monotonic() + seconds).receipts()

    def call(self, body: bytes) -> Answer:
        if len(body) > LARGEST:
            return Answer(413)  # what SendGrid would say
        if not (self._key.isascii() and self._key.isprintable()):
            raise NotDelivered(NO_KEY)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        return self.line.post(PATH, body, headers)

    def close(self) -> None:
        self.line.close()


@dataclass(frozen=True)
class Said:
    """What is to be said of several letters."""

    verdict: Verdict
    why: str = ""
    provider_id: str = ""
    wait: float = 0

    def of(self, readers: Sequence[Reader]) -> Iterator[Receipt]:
        for one in readers:
            yield Receipt(one.letter.id, self.verdict, self.why, self.provider_id, self.wait)


@dataclass
class Round:
    """One bundle on its way: its calls, one after the other, until all is said or there is no point in going on."""

    gateway: SendGridGateway
    bundle: Bundle
    until: float
    rest: Said | None = None  # what is true of all that was not begun
    doubts: int = 0  # calls in a row
    said: list[Receipt] = field(default_factory=list)

    def receipts(self) -> Sequence[Receipt]:
        readers = list(self._readers())
        many = [one for one in readers if not one.is_alone]
        try:
            shared = envelope(self.bundle, self.bundle.paper)
        except WRONG as wrong:
            self.said += Said(Verdict.REFUSED, str(wrong)).of(readers)
            return self.said
        for wave in waves(many):
            self._send(wave, lambda some: together(shared, self.bundle.tenant_id, some))
        for one in readers:
            if one.is_alone:
                self._send([one], lambda some: alone(self.bundle, some[0]))
        return self.said

    def _readers(self) -> Iterator[Reader]:
        sheet = Sheet.of(self.bundle.paper)
        for letter in self.bundle.letters:
            try:
                yield sheet.reader(letter)
            except BadHeader as wrong:
                self.said.append(Receipt(letter.id, Verdict.REFUSED, str(wrong)))

    def _send(self, readers: Sequence[Reader], make: Make) -> None:
        """A call that is refused for some letter in it is made again in smaller parts."""
        parts = [readers]
        while parts:
            part = parts.pop()
            if self.rest is None and time.monotonic() > self.until:
                self.rest = Said(Verdict.RETRY, SLOW, wait=NOT_BEGUN)
            if self.rest is not None:
                self.said += self.rest.of(part)
            else:
                parts += self._call(part, make)

    def _call(self, part: Sequence[Reader], make: Make) -> list[Sequence[Reader]]:
        """One call, and the parts that are left to try."""
        try:
            answer = self.gateway.call(make(part))
        except NotDelivered as away:
            self._stop(part, Said(Verdict.RETRY, NOT_THERE.format(said=away)))
        except NoAnswer as silence:
            self._doubt(part, str(silence))
        except WRONG as wrong:
            self.said += Said(Verdict.REFUSED, str(wrong)).of(part)
        else:
            return self._heard(part, answer)
        return []

    def _heard(self, part: Sequence[Reader], answer: Answer) -> list[Sequence[Reader]]:
        if answer.status >= 500:
            self._doubt(part, f"{answer.status} {words_of(answer)}".strip())
            return []
        self.doubts = 0
        if answer.status in {400, 413} and len(part) > 1:
            return self._apart(part, answer)
        said = _said(answer)
        if said.verdict is Verdict.RETRY:
            self._stop(part, said)
        else:
            self.said += said.of(part)
        return []

    def _apart(self, part: Sequence[Reader], answer: Answer) -> list[Sequence[Reader]]:
        """Those it names one by one, else halves, until the bad ones are alone and the others are through."""
        errors = _errors(answer)
        numbers = _numbers(errors, len(part))
        if errors and numbers is None:  # it is about the text or the sender, which are the same for all
            self.said += _said(answer).of(part)
            return []
        if numbers and len(numbers) < len(part):
            good = [one for number, one in enumerate(part) if number not in numbers]
            return [*([part[number]] for number in sorted(numbers, reverse=True)), good]
        middle = len(part) // 2
        return [part[middle:], part[:middle]]

    def _doubt(self, part: Sequence[Reader], what: str) -> None:
        self.said += Said(Verdict.UNKNOWN, IN_DOUBT.format(said=what)).of(part)
        self.doubts += 1
        if self.doubts >= ENOUGH_DOUBT:
            self.rest = Said(Verdict.RETRY, WAITING, wait=NOT_BEGUN)

    def _stop(self, part: Sequence[Reader], said: Said) -> None:
        """What is true of this part is true of all that would follow."""
        self.said += said.of(part)
        self.rest = said


def _said(answer: Answer) -> Said:
    """Of a call whose end is certain."""
    status, words = answer.status, words_of(answer)
    if status < 300:
        return Said(Verdict.ACCEPTED, provider_id=answer.headers.get("x-message-id", "")[:200])
    if status < 400:
        return Said(Verdict.REFUSED, TURNED_AWAY.format(said=status))
    if status == 429:
        return Said(Verdict.RETRY, BUSY, wait=_wait(answer))
    if status in {401, 403}:
        return Said(Verdict.RETRY, KEY_REFUSED.format(said=words or status))
    if status in {404, 405, 407, 408}:  # a wrong address, or something in between that is not SendGrid
        return Said(Verdict.RETRY, SAID.format(said=f"{status} {words}".strip()))
    return Said(Verdict.REFUSED, SAID.format(said=words or (TOO_LARGE if status == 413 else status)))


def _errors(answer: Answer) -> list[dict[str, Any]]:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return []
    errors = said.get("errors") if isinstance(said, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def words_of(answer: Answer) -> str:
    messages = (error.get("message") for error in _errors(answer)[:5])
    return "; ".join(dict.fromkeys(each for each in messages if isinstance(each, str) and each))[:500]


def _numbers(errors: Sequence[dict[str, Any]], many: int) -> set[int] | None:
    """The letters that are to blame, as far as the errors name them; None when every error blames something else."""
    fields = [error.get("field") for error in errors]
    blamed = [re.match(r"personalizations\.(\d+)\b", name) for name in fields if isinstance(name, str)]
    if errors and all(isinstance(name, str) and not name.startswith("personalizations") for name in fields):
        return None
    return {int(found[1]) for found in blamed if found and int(found[1]) < many}


def _wait(answer: Answer) -> float:
    """Until the limit is lifted: a moment by the clock of the world, or a number of seconds."""
    for name in ("x-ratelimit-reset", "retry-after"):
        if (until := _seconds(answer.headers.get(name, ""))) is not None:
            return min(max(until, 1.0), LONGEST_WAIT)
    return 0


def _seconds(text: str) -> float | None:
    if re.fullmatch(r"\d{1,12}", text):
        number = float(text)
        return number - time.time() if number > 1e9 else number
    try:
        return parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return None
