"""Who may have typed what stands in an email, field by field: what a stranger typed leads nowhere.

A new merge field joins the list; `Known.name`, `safe_name`, `safe_company` and `without_links` make a stranger's safe.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from typing import Any

import pytest

from portal import links
from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.email_address import InvalidAddress, parse_address
from portal.outreach.email_kinds import EmailKind as K
from portal.outreach.templates.catalog import FIELDS_BY_KIND, merge_fields_of
from portal.outreach.templates.catalog.common import COMMON_FIELDS
from portal.outreach.templates.catalog.request_updates import REQUEST_UPDATES
from portal.outreach.templates.defaults import default_content
from portal.outreach.templates.merge_fields import MergeFieldType
from portal.references.emails import introduction
from portal.references.meetings.notifications import other_party_name
from portal.references.models import Meeting, ReferenceRequest, Side
from tests.outreach.templates.rendered_emails import rendered

EVIL = "http://evil.test/win"
LEADS = "evil.test/"


class Who(Enum):
    PRODUCT = auto()  # nobody typed it: our own sentences, times, numbers, links
    MEMBER = auto()  # a colleague: who works here may write links
    STRANGER = (
        auto()
    )  # a prospect or who joins, maybe beside a colleague's words: made safe when it is filled in
    PUT_TOGETHER = auto()  # names of both, made safe by `introduced` and `other_name` before it is kept
    ADDRESS = auto()  # an email address, and nothing that is none


PRODUCT, MEMBER, STRANGER, PUT_TOGETHER, ADDRESS = Who
EVERYWHERE = {
    "greeting": STRANGER,
    "first_name": STRANGER,
    "full_name": STRANGER,
    "workspace": MEMBER,
    "sender_name": MEMBER,
    "sign_off": MEMBER,
    "preferences_link": PRODUCT,
}
ASK = {
    **dict.fromkeys(("question", "prospect", "why_you", "questions"), MEMBER),
    **dict.fromkeys(("kind", "minutes", "how_long", "due_on", "facts", "agreed", "answer_link"), PRODUCT),
}
CALL = {
    **dict.fromkeys(("headline", "with_whom", "google_link", "outlook_link"), PUT_TOGETHER),
    **dict.fromkeys(("starts_at", "minutes", "calendar_link", "call_link"), PRODUCT),
    "facts": PUT_TOGETHER,
    "questions": MEMBER,
    "rep": MEMBER,
}
TYPED_BY: Mapping[K, Mapping[str, Who]] = {
    K.SIGN_IN: {"code": PRODUCT, "sign_in_link": PRODUCT},
    K.NEW_LINK: {"what": PUT_TOGETHER, "page_link": PRODUCT},
    K.MEMBER_INVITATION: {
        "invited_by": MEMBER,
        "roles": PRODUCT,
        "facts": MEMBER,
        "member_link": PRODUCT,
    },
    K.JOIN_CONFIRMATION: {"purposes": PRODUCT, "join_link": PRODUCT},
    K.ADDRESS_CONFIRMATION: {"by": MEMBER, "address_link": PRODUCT},
    K.ADDRESS_CHANGED: {"by": MEMBER},
    K.ENROLL_INVITATION: {"note": MEMBER, "facts": PRODUCT, "invite_link": PRODUCT},
    K.WELCOME: {"purposes": PRODUCT, "home_link": PRODUCT},
    K.FURTHER_PURPOSE: {"consent_title": MEMBER, "consent_text": MEMBER, "consent_link": PRODUCT},
    K.PENDING_REVIEW: {
        **dict.fromkeys(("person", "title", "company", "email", "facts"), STRANGER),
        "person_link": PRODUCT,
    },
    K.ASK: ASK,
    K.ASK_REMINDER: ASK,
    K.ASK_RECEIPT: {
        **dict.fromkeys(("receipt", "what_follows", "prospect"), MEMBER),
        **dict.fromkeys(("in_short", "slots", "kind", "answer_link"), PRODUCT),
    },
    K.ASK_WITHDRAWN: {"prospect": MEMBER, "kind": PRODUCT, "reason": MEMBER, "does_not_count": PRODUCT},
    K.REQUEST_SUBMITTED: {
        **dict.fromkeys(("rep", "prospect", "facts"), MEMBER),
        **dict.fromkeys(("kind", "needed_by", "request_link"), PRODUCT),
    },
    K.REQUEST_UPDATE: {
        **dict.fromkeys(("news_subject", "news", "note", "news_facts"), STRANGER),
        **dict.fromkeys(("news_button", "number", "request_link"), PRODUCT),
        "prospect": MEMBER,
    },
    K.SLOTS_FOR_PROSPECT: {
        **dict.fromkeys(("who", "whom_we_found"), PUT_TOGETHER),
        **dict.fromkeys(("rep", "prospect", "sender_name", "sign_off"), MEMBER),
        **dict.fromkeys(("minutes", "to_choose", "slots", "slot_link"), PRODUCT),
    },
    K.NEW_TIMES: {"prospect": MEMBER, "why_others": MEMBER, "note": STRANGER, "times_link": PRODUCT},
    K.MEETING_CONFIRMED: CALL,
    K.MEETING_REMINDER: CALL | {"how_soon": PRODUCT},
    K.MEETING_CANCELLED: {
        **dict.fromkeys(("headline", "what_is_off", "with_whom"), PUT_TOGETHER),
        "starts_at": PRODUCT,
        "reason": MEMBER,
    },
    K.AFTER_CALL_QUESTION: {"with_whom": PUT_TOGETHER, "on_day": PRODUCT, "after_call_link": PRODUCT},
    K.THANKS_OUTCOME: {
        **dict.fromkeys(("headline", "thanks", "prospect", "note"), MEMBER),
        **dict.fromkeys(("kind", "impact_link"), PRODUCT),
    },
    K.OWN: {"company": STRANGER},
}
BY_A_COLLEAGUE = {"message", "question", "withdrawn", "unfulfilled", "content"}  # news with a note of theirs
GIVEN: Mapping[K, dict[str, str]] = {  # what its writer passes on as a stranger typed it
    K.PENDING_REVIEW: dict.fromkeys(("person", "title", "company", "email"), EVIL),
    K.REQUEST_UPDATE: {"who": EVIL, "helper": EVIL},
    K.NEW_TIMES: {"note": EVIL},
    K.OWN: {"company": EVIL},
}


@pytest.fixture(autouse=True, scope="module")
def _a_key() -> None:
    links.configure("s" * 40)


def test_of_every_field_it_is_known_who_may_have_typed_it() -> None:
    assert {field.name for field in COMMON_FIELDS} == set(EVERYWHERE)
    fields = {kind: {field.name for field in knows.fields} for kind, knows in FIELDS_BY_KIND.items()}
    assert fields == {kind: set(listed) for kind, listed in TYPED_BY.items()}


def leads(kind: K, **given: Any) -> bool:
    """Goodword's own text, and one with every field that a stranger may have typed, in all three parts."""
    typed = {**EVERYWHERE, **TYPED_BY[kind]}
    fields = [field for field in merge_fields_of(kind).values() if typed[field.name] is STRANGER]
    own = default_content(kind)
    line = " ".join(f"{{{{{field.name}}}}}" for field in fields if field.type is MergeFieldType.TEXT)
    body = "\n\n".join(f"{{{{{field.name}}}}}" for field in fields)
    emails = [
        rendered(kind, words=words, **given)
        for words in (own, replace(own, subject=line, body=f"{body}\n\n{own.body}"))
    ]
    return any(LEADS in part for one in emails for part in (one.subject, one.text, one.html))


@pytest.mark.parametrize("kind", K)
def test_what_a_stranger_typed_leads_nowhere(kind: K) -> None:
    assert not leads(kind, name=EVIL, **GIVEN.get(kind, {}))


@pytest.mark.parametrize("news", sorted({*REQUEST_UPDATES, "something new"}))
def test_nor_does_any_news_but_in_the_words_of_a_colleague(news: str) -> None:
    given = {"news": news, "note": EVIL, **GIVEN[K.REQUEST_UPDATE]}
    assert leads(K.REQUEST_UPDATE, **given) is (news in BY_A_COLLEAGUE)


def test_names_are_safe_before_they_are_put_together() -> None:
    ada = Advocate(first_name=EVIL, last_name="Lind", title=EVIL, account=Account(name=EVIL))
    meeting = Meeting(ask=Ask(advocate=ada), request=ReferenceRequest(prospect="Initech"), prospect_name=EVIL)
    assert LEADS not in introduction(ada) + other_party_name(meeting, Side.PROSPECT)
    assert other_party_name(meeting, Side.ADVOCATE) == "Initech"


def test_no_link_is_an_address() -> None:
    for wrong in (EVIL, f"{EVIL}@evil.test", "ada@evil.test/win"):
        with pytest.raises(InvalidAddress):
            parse_address(wrong)
