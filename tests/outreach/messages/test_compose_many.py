"""Emails by the thousand are the emails that are written singly."""

from typing import Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.advocates.emails import ENROLL_INVITATION
from portal.declarations.email_content import Recipient, SignedLink
from portal.links import LinkPurpose
from portal.outreach.messages.compose import compose
from portal.outreach.messages.compose_many import EmailDraft, compose_many
from portal.outreach.models import Email
from portal.references.asking.emails import ASK
from portal.references.sample_emails import ASK as SAMPLE_ASK
from tests.world import World

OWN_OF_EACH = {"id", "created_at", "due_at", "occasion"}


def drafts(world: World, many: int) -> list[EmailDraft]:
    ada, ask = world.advocate(time_zone="America/New_York"), uuid7()
    given: dict[str, Any] = {
        "kind": ASK,
        "recipient": Recipient(ada.email, ada.name, advocate_id=ada.id),
        "about": ("asks", ask),
        "fields": SAMPLE_ASK | {"from_name": "Dana"},
        "links": {"answer": SignedLink(LinkPurpose.ANSWER, ask, 1)},
        "purpose": "calls",
    }
    return [EmailDraft(occasion=f"many:{number}", **given) for number in range(many)]


def test_each_is_written_once_however_often_it_is_said(acme: World) -> None:
    many = drafts(acme, 50)
    with acme.session() as session:
        assert [compose_many(session, some) for some in (many[:30], many, many, [])] == [30, 20, 0, 0]


def test_an_email_written_in_bulk_is_the_one_written_alone(acme: World) -> None:
    (draft,) = drafts(acme, 1)
    with acme.session() as session:
        compose_many(session, [draft])
        compose(
            session,
            draft.kind,
            draft.recipient,
            "singly",
            about=draft.about,
            fields=draft.fields,
            links=draft.links,
            purpose=draft.purpose,
        )
    with acme.session() as session:
        one, other = session.scalars(select(Email)).all()
    columns = [column.key for column in Email.__mapper__.column_attrs if column.key not in OWN_OF_EACH]
    assert {name: getattr(one, name) for name in columns} == {name: getattr(other, name) for name in columns}
    assert one.time_zone == "America/New_York"


def test_invitations_are_written_singly(acme: World) -> None:
    draft = EmailDraft(kind=ENROLL_INVITATION, recipient=Recipient("ada@x.example"), occasion="invitation")
    with pytest.raises(ValueError, match="by itself"), acme.session() as session:
        compose_many(session, [draft])
