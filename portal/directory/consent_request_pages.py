"""What the pages about further consents show: counts by purpose, who is left out and why, one person’s choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.advocates import queries as advocates
from portal.advocates.consent_texts import current_texts
from portal.advocates.models import Advocate, ConsentText
from portal.errors import Conflict, NotFound
from portal.outreach.consent_requests import queries
from portal.outreach.consent_requests.eligibility import (
    ConsentCandidate,
    LeftOutReason,
    PurposeCounts,
    count_people,
    in_group,
)
from portal.outreach.consent_requests.labels import LEFT_OUT, SHORT_LEFT_OUT, reason_of_one
from portal.outreach.consent_requests.queries import RequestCounts
from portal.paging import KeysetPage, paginate_list
from portal.web.page_urls import current_url


@dataclass(frozen=True)
class AllPurposesPage:
    """`rows`: each purpose's words of today, and how many are where."""

    people: int
    rows: Sequence[tuple[ConsentText, PurposeCounts]]


@dataclass(frozen=True)
class PurposePage:
    """`group`: why those in the list are left out; None: they may be asked."""

    text: ConsentText
    counts: PurposeCounts
    answers: RequestCounts
    group: LeftOutReason | None
    listed: KeysetPage[ConsentCandidate]
    advocates: Mapping[UUID, Advocate]

    @property
    def left_out(self) -> list[tuple[int, Any, str]]:
        """Return (how many, why, where they are listed)."""
        counted = self.counts.left_out
        return [
            (counted[reason], words, _address(reason))
            for reason, words in LEFT_OUT.items()
            if counted[reason]
        ]

    @property
    def tabs(self) -> list[tuple[Any, str, int, bool]]:
        groups = [(reason, self.counts.left_out[reason], words) for reason, words in SHORT_LEFT_OUT.items()]
        shown = [(None, self.counts.askable, _("May be asked")), *(each for each in groups if each[1])]
        return [(words, _address(reason), many, reason is self.group) for reason, many, words in shown]


@dataclass(frozen=True)
class PersonPage:
    """`others`: what they have not agreed to and can't be asked for now, with the reason."""

    advocate: Advocate
    askable: Sequence[ConsentText]
    others: Sequence[tuple[ConsentText, Any]]


def text_of(session: Session, purpose: str) -> ConsentText:
    found = {known.value: text for known, text in current_texts(session).items()}
    if purpose not in found:
        raise NotFound("We couldn’t find this consent.")
    return found[purpose]


def all_purposes(session: Session) -> AllPurposesPage:
    people, texts = queries.candidates(session), current_texts(session)
    return AllPurposesPage(
        len(people), [(text, count_people(people, purpose)) for purpose, text in texts.items()]
    )


def one_purpose(session: Session, purpose: str, reason: str, cursor: str | None) -> PurposePage:
    text, people = text_of(session, purpose), queries.candidates(session)
    group = LeftOutReason(reason) if reason in set(LeftOutReason) else None
    chosen = in_group(people, text.purpose, group)
    listed = paginate_list(chosen, lambda person: str(person.id), cursor)
    shown = advocates.by_ids(session, [person.id for person in listed.rows])
    return PurposePage(
        text=text,
        counts=count_people(people, text.purpose),
        answers=queries.request_counts(session, text.purpose),
        group=group,
        listed=listed,
        advocates={advocate.id: advocate for advocate in shown},
    )


def one_person(session: Session, advocate: Advocate) -> PersonPage:
    found = queries.candidates(session, [advocate.id])
    if not found:
        raise Conflict(
            "%(name)s isn’t in the program, so they can’t be asked for a consent.", name=advocate.name
        )
    person = found[0]
    open_texts = [text for text in current_texts(session).values() if not person.has_agreed_to(text.purpose)]
    reasons = [(text, reason_of_one(person, text.purpose)) for text in open_texts]
    return PersonPage(
        advocate,
        askable=[text for text, reason in reasons if not reason],
        others=[(text, reason) for text, reason in reasons if reason],
    )


def _address(reason: LeftOutReason | None) -> str:
    return current_url(reason=reason.value if reason else None, after=None)
