"""SendGrid: one call carries up to 1,000 emails of one text. It tells us afterwards what became of each.

SendGrid knows no email by our id and takes an email as often as it is sent. So a call that may have been taken is
never made again from here: its emails stay unknown until SendGrid's events tell
(portal/outreach/messages/resolve_unknown.py).
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

from portal.gateways.http import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    HttpAnswer,
    HttpConnection,
    RequestNotSent,
    ResponseUnknown,
)
from portal.gateways.mail import Bundle, SendOutcome, SendResult, UnknownResolution
from portal.gateways.mime import InvalidHeader
from portal.gateways.sendgrid_body import (
    MAX_CALL_BYTES,
    PlaceholderSet,
    SendGridRecipient,
    batch_body,
    shared_body,
    single_body,
    split_repeated_recipients,
)

PATH = "/v3/mail/send"
ACCOUNT_HASH_LENGTH = 16  # hex digits that tell keys apart, and lead back to none
URL = "https://api.sendgrid.com"
NOT_STARTED_WAIT = (
    10.0  # seconds until an email that nobody tried to send is looked at again; it costs none of its tries
)
MAX_UNKNOWN_CALLS = 3  # calls in a row that nobody knows the end of; then the rest waits
MAX_WAIT = 3600.0  # seconds, whatever SendGrid asks for
KEY_REFUSED = "SendGrid rejected our key. Nothing was sent; an admin should check the key. It said: {said}"
UNREACHABLE = "We couldn’t reach SendGrid: {said}"
RATE_LIMITED = "SendGrid isn’t accepting more emails right now."
OUTCOME_UNKNOWN = "SendGrid didn’t say whether it accepted the email ({said}). It may have arrived."
REDIRECTED = "SendGrid’s address redirects elsewhere ({said}). SENDGRID_URL must name SendGrid itself."
SENDGRID_SAID = "SendGrid said: {said}"
MALFORMED_KEY = "The SendGrid key contains characters that no key has, so nothing was sent."
TOO_LARGE = "the email is too large"
BATCH_TIMEOUT = "SendGrid was too slow for this batch."
NO_RESPONSES = "SendGrid didn’t answer, so the rest of this batch waits."
INVALID_CONTENT = (InvalidHeader, SendGridException)  # with what is to be written
BuildBody = Callable[[Sequence[SendGridRecipient]], bytes]


class SendGridGateway:
    name: str = "sendgrid"
    unknown_resolution: UnknownResolution = UnknownResolution.DELIVERY_EVENTS
    max_batch: int = 1000

    def __init__(
        self,
        api_key: str,
        url: str = URL,
        *,
        connect: float = CONNECT_TIMEOUT,
        read: float = READ_TIMEOUT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.connection = HttpConnection(url, connect=connect, read=read, tls=tls)
        self._key = api_key
        self.account = sha256(api_key.encode()).hexdigest()[:ACCOUNT_HASH_LENGTH]

    def __repr__(self) -> str:
        return f"<SendGridGateway by {self.connection!r}>"

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[SendResult]:
        return BundleSend(self, bundle, time.monotonic() + seconds).results_of_all()

    def call(self, body: bytes) -> HttpAnswer:
        if len(body) > MAX_CALL_BYTES:
            return HttpAnswer(413)  # what SendGrid would say
        if not (self._key.isascii() and self._key.isprintable()):
            raise RequestNotSent(MALFORMED_KEY)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        return self.connection.post(PATH, body, headers)

    def close(self) -> None:
        self.connection.close()


@dataclass(frozen=True)
class CallResult:
    """What is to be said of several emails."""

    outcome: SendOutcome
    reason: str = ""
    provider_id: str = ""
    retry_after: float = 0

    def for_each(self, readers: Sequence[SendGridRecipient]) -> Iterator[SendResult]:
        for one in readers:
            yield SendResult(one.email.id, self.outcome, self.reason, self.provider_id, self.retry_after)


@dataclass
class BundleSend:
    """One bundle on its way: its calls, one after the other, until all is said or there is no point in going on."""

    gateway: SendGridGateway
    bundle: Bundle
    until: float
    rest_result: CallResult | None = None  # what is true of all that was not begun
    unknown_calls: int = 0  # calls in a row
    results: list[SendResult] = field(default_factory=list)

    def results_of_all(self) -> Sequence[SendResult]:
        readers = list(self._readers())
        many = [one for one in readers if not one.is_single]
        try:
            shared = shared_body(self.bundle, self.bundle.template)
        except INVALID_CONTENT as wrong:
            self.results += CallResult(SendOutcome.REFUSED, str(wrong)).for_each(readers)
            return self.results
        for wave in split_repeated_recipients(many):
            self._send(wave, lambda some: batch_body(shared, self.bundle.tenant_id, some))
        for one in readers:
            if one.is_single:
                self._send([one], lambda some: single_body(self.bundle, some[0]))
        return self.results

    def _readers(self) -> Iterator[SendGridRecipient]:
        placeholders = PlaceholderSet.of(self.bundle.template)
        for email in self.bundle.emails:
            try:
                yield placeholders.recipient(email)
            except InvalidHeader as wrong:
                self.results.append(SendResult(email.id, SendOutcome.REFUSED, str(wrong)))

    def _send(self, readers: Sequence[SendGridRecipient], make: BuildBody) -> None:
        """A call that is refused for some email in it is made again in smaller parts."""
        parts = [readers]
        while parts:
            part = parts.pop()
            if self.rest_result is None and time.monotonic() > self.until:
                self.rest_result = CallResult(SendOutcome.RETRY, BATCH_TIMEOUT, retry_after=NOT_STARTED_WAIT)
            if self.rest_result is not None:
                self.results += self.rest_result.for_each(part)
            else:
                parts += self._call(part, make)

    def _call(self, part: Sequence[SendGridRecipient], make: BuildBody) -> list[Sequence[SendGridRecipient]]:
        """One call, and the parts that are left to try."""
        try:
            answer = self.gateway.call(make(part))
        except RequestNotSent as away:
            self._stop_with(part, CallResult(SendOutcome.RETRY, UNREACHABLE.format(said=away)))
        except ResponseUnknown as silence:
            self._mark_unknown(part, str(silence))
        except INVALID_CONTENT as wrong:
            self.results += CallResult(SendOutcome.REFUSED, str(wrong)).for_each(part)
        else:
            return self._handle(part, answer)
        return []

    def _handle(
        self, part: Sequence[SendGridRecipient], answer: HttpAnswer
    ) -> list[Sequence[SendGridRecipient]]:
        if answer.status >= 500:
            self._mark_unknown(part, f"{answer.status} {error_messages(answer)}".strip())
            return []
        self.unknown_calls = 0
        if answer.status in {400, 413} and len(part) > 1:
            return self._split(part, answer)
        result = _result_of(answer)
        if result.outcome is SendOutcome.RETRY:
            self._stop_with(part, result)
        else:
            self.results += result.for_each(part)
        return []

    def _split(
        self, part: Sequence[SendGridRecipient], answer: HttpAnswer
    ) -> list[Sequence[SendGridRecipient]]:
        """Those it names one by one, else halves, until the bad ones are alone and the others are through."""
        errors = _errors(answer)
        numbers = _blamed_positions(errors, len(part))
        if errors and numbers is None:  # it is about the text or the sender, which are the same for all
            self.results += _result_of(answer).for_each(part)
            return []
        if numbers and len(numbers) < len(part):
            good = [one for number, one in enumerate(part) if number not in numbers]
            return [*([part[number]] for number in sorted(numbers, reverse=True)), good]
        middle = len(part) // 2
        return [part[middle:], part[:middle]]

    def _mark_unknown(self, part: Sequence[SendGridRecipient], what: str) -> None:
        self.results += CallResult(SendOutcome.UNKNOWN, OUTCOME_UNKNOWN.format(said=what)).for_each(part)
        self.unknown_calls += 1
        if self.unknown_calls >= MAX_UNKNOWN_CALLS:
            self.rest_result = CallResult(SendOutcome.RETRY, NO_RESPONSES, retry_after=NOT_STARTED_WAIT)

    def _stop_with(self, part: Sequence[SendGridRecipient], result: CallResult) -> None:
        """What is true of this part is true of all that would follow."""
        self.results += result.for_each(part)
        self.rest_result = result


def _result_of(answer: HttpAnswer) -> CallResult:
    """Of a call whose end is certain."""
    status, words = answer.status, error_messages(answer)
    if status < 300:
        return CallResult(SendOutcome.ACCEPTED, provider_id=answer.headers.get("x-message-id", "")[:200])
    if status < 400:
        return CallResult(SendOutcome.REFUSED, REDIRECTED.format(said=status))
    if status == 429:
        return CallResult(SendOutcome.RETRY, RATE_LIMITED, retry_after=_retry_after(answer))
    if status in {401, 403}:
        return CallResult(SendOutcome.RETRY, KEY_REFUSED.format(said=words or status))
    if status in {404, 405, 407, 408}:  # a wrong address, or something in between that is not SendGrid
        return CallResult(SendOutcome.RETRY, SENDGRID_SAID.format(said=f"{status} {words}".strip()))
    return CallResult(
        SendOutcome.REFUSED, SENDGRID_SAID.format(said=words or (TOO_LARGE if status == 413 else status))
    )


def _errors(answer: HttpAnswer) -> list[dict[str, Any]]:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return []
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def error_messages(answer: HttpAnswer) -> str:
    messages = (error.get("message") for error in _errors(answer)[:5])
    return "; ".join(dict.fromkeys(each for each in messages if isinstance(each, str) and each))[:500]


def _blamed_positions(errors: Sequence[dict[str, Any]], many: int) -> set[int] | None:
    """The emails that are to blame, as far as the errors name them; None when every error blames something else."""
    fields = [error.get("field") for error in errors]
    blamed = [re.match(r"personalizations\.(\d+)\b", name) for name in fields if isinstance(name, str)]
    if errors and all(isinstance(name, str) and not name.startswith("personalizations") for name in fields):
        return None
    return {int(position[1]) for position in blamed if position and int(position[1]) < many}


def _retry_after(answer: HttpAnswer) -> float:
    """Until the limit is lifted: a moment by the clock of the world, or a number of seconds."""
    for name in ("x-ratelimit-reset", "retry-after"):
        if (until := _seconds(answer.headers.get(name, ""))) is not None:
            return min(max(until, 1.0), MAX_WAIT)
    return 0


def _seconds(text: str) -> float | None:
    if re.fullmatch(r"\d{1,12}", text):
        number = float(text)
        return number - time.time() if number > 1e9 else number
    try:
        return parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return None
