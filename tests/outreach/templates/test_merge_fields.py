"""Who may have typed what stands in an email, field by field: what a stranger typed leads nowhere.

A new merge field joins the list; `Known.name`, `safe_name`, `safe_company` and `without_links` make a stranger's safe.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from portal import links
from portal.accounts.models import Account
from portal.advocates.emails import (
    ADDRESS_CHANGED,
    ADDRESS_CONFIRMATION,
    ENROLL_INVITATION,
    JOIN_CONFIRMATION,
    PENDING_REVIEW,
    WELCOME,
)
from portal.advocates.models import Advocate
from portal.asks.emails import ASK_QUESTION
from portal.asks.models import Ask
from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.declarations.merge_fields import MergeFieldType
from portal.email_address import InvalidAddress, parse_address
from portal.outreach.consent_requests.emails import FURTHER_PURPOSE
from portal.outreach.emails import NEW_LINK, OWN_EMAIL
from portal.outreach.templates.common_fields import COMMON_FIELDS, merge_fields_of
from portal.outreach.templates.defaults import default_content
from portal.references.emails import REQUEST_UPDATE, introduction
from portal.references.meetings.notification_emails import other_party_name
from portal.references.models import Meeting, ReferenceRequest, Side
from portal.references.request_updates import REQUEST_UPDATES
from portal.signin.emails import SIGN_IN
from portal.workspace.emails import MEMBER_INVITATION
from tests.contracts.cases import FACTS
from tests.outreach.templates.rendered_emails import every_kind, rendered
from tests.outreach.templates.who_typed import Who

EVIL = "http://evil.test/win"
LEADS = "evil.test/"


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
TYPED_BY: Mapping[EmailKind, Mapping[str, Who]] = {  # those of a program stand in tests/contracts/programs
    SIGN_IN: {"code": PRODUCT, "sign_in_link": PRODUCT},
    NEW_LINK: {"what": PUT_TOGETHER, "page_link": PRODUCT},
    MEMBER_INVITATION: {
        "invited_by": MEMBER,
        "roles": PRODUCT,
        "facts": MEMBER,
        "member_link": PRODUCT,
    },
    JOIN_CONFIRMATION: {"purposes": PRODUCT, "join_link": PRODUCT},
    ADDRESS_CONFIRMATION: {"by": MEMBER, "address_link": PRODUCT},
    ADDRESS_CHANGED: {"by": MEMBER},
    ENROLL_INVITATION: {"note": MEMBER, "facts": PRODUCT, "invite_link": PRODUCT},
    WELCOME: {"purposes": PRODUCT, "home_link": PRODUCT},
    FURTHER_PURPOSE: {"consent_title": MEMBER, "consent_text": MEMBER, "consent_link": PRODUCT},
    PENDING_REVIEW: {
        **dict.fromkeys(("person", "title", "company", "email", "facts"), STRANGER),
        "person_link": PRODUCT,
    },
    ASK_QUESTION: {
        **dict.fromkeys(("advocate", "question"), STRANGER),
        "asked": MEMBER,
        "person_link": PRODUCT,
    },
    OWN_EMAIL: {"company": STRANGER},
    **{kind: typed for facts in FACTS.values() for kind, typed in facts.typed_by.items()},
}
BY_A_COLLEAGUE = {"message", "question", "withdrawn", "unfulfilled", "content"}  # news with a note of theirs
GIVEN: Mapping[EmailKind, dict[str, str]] = {  # what its writer passes on as a stranger typed it
    PENDING_REVIEW: dict.fromkeys(("person", "title", "company", "email"), EVIL),
    ASK_QUESTION: {"advocate": EVIL, "question": EVIL},
    OWN_EMAIL: {"company": EVIL},
    **{
        kind: dict.fromkeys(fields, EVIL)
        for facts in FACTS.values()
        for kind, fields in facts.given_by_strangers.items()
    },
}


@pytest.fixture(autouse=True, scope="module")
def _a_key() -> None:
    links.configure("s" * 40)


def test_of_every_field_it_is_known_who_may_have_typed_it() -> None:
    assert {field.name for field in COMMON_FIELDS} == set(EVERYWHERE)
    fields = {kind.name: {field.name for field in kind.fields} for kind in EMAIL_KINDS}
    assert fields == {kind.name: set(listed) for kind, listed in TYPED_BY.items()}


def leads(kind: EmailKind, **given: Any) -> bool:
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


@every_kind
def test_what_a_stranger_typed_leads_nowhere(kind: EmailKind) -> None:
    assert not leads(kind, name=EVIL, **GIVEN.get(kind, {}))


@pytest.mark.parametrize("news", sorted({*REQUEST_UPDATES, "something new"}))
def test_nor_does_any_news_but_in_the_words_of_a_colleague(news: str) -> None:
    given = {"news": news, "note": EVIL, **GIVEN[REQUEST_UPDATE]}
    assert leads(REQUEST_UPDATE, **given) is (news in BY_A_COLLEAGUE)


def test_names_are_safe_before_they_are_put_together() -> None:
    ada = Advocate(first_name=EVIL, last_name="Lind", title=EVIL, account=Account(name=EVIL))
    meeting = Meeting(ask=Ask(advocate=ada), request=ReferenceRequest(prospect="Initech"), prospect_name=EVIL)
    assert LEADS not in introduction(ada) + other_party_name(meeting, Side.PROSPECT)
    assert other_party_name(meeting, Side.ADVOCATE) == "Initech"


def test_no_link_is_an_address() -> None:
    for wrong in (EVIL, f"{EVIL}@evil.test", "ada@evil.test/win"):
        with pytest.raises(InvalidAddress):
            parse_address(wrong)
