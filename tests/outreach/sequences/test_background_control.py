"""Starting, resuming and ending a sequence of thousands is a worker's business: no page takes that long."""

import psycopg
import pytest
from sqlalchemy import func, select, update

from portal.declarations.attributes import Operator
from portal.gateways.queue import WorkQueue
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.sequences import background_control
from portal.outreach.sequences.models import EmailSequence, RunState, SequenceRun, SequenceState
from portal.segments.audience import Audience
from portal.segments.conditions import Condition, Conditions
from tests.client import Client
from tests.exports.many_people import add_people
from tests.outreach.sequences.test_views import LIST, made
from tests.workers import deliver_messages_twice
from tests.world import World

RETAIL = Condition("account.industry", Operator.ANY_OF, ("Retail",))


@pytest.fixture
def sequence(acme: World, as_manager: Client, superuser: psycopg.Connection) -> EmailSequence:
    """A draft for one person more than a page may take on."""
    add_people(superuser, acme, background_control.MAX_IN_REQUEST + 1)
    return made(acme, as_manager, template_2="")


def waiting(acme: World) -> int:
    with acme.session() as session:
        return session.scalar(select(func.count()).where(SequenceRun.state == RunState.WAITING)) or 0


def test_it_starts_once_however_often_it_was_asked_for(
    acme: World, as_manager: Client, sequence: EmailSequence
) -> None:
    for _ in range(2):
        page = as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/start"))
        assert "It starts within a minute" in page.text
    assert (acme.reload(sequence).state, waiting(acme)) == (SequenceState.DRAFT, 0)
    deliver_messages_twice(WorkQueue.MESSAGES, [acme.tenant_id])
    assert (acme.reload(sequence).state, waiting(acme)) == (
        SequenceState.RUNNING,
        background_control.MAX_IN_REQUEST + 1,
    )

    ended = as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/end"))
    assert "Nothing more is sent" in ended.text
    assert acme.reload(sequence).state is SequenceState.PAUSED
    deliver_messages_twice(WorkQueue.MESSAGES, [acme.tenant_id])
    assert (acme.reload(sequence).state, waiting(acme)) == (SequenceState.FINISHED, 0)


def test_an_audience_changed_before_the_worker_comes_starts_nothing_and_the_page_says_why(
    acme: World, as_manager: Client, sequence: EmailSequence
) -> None:
    as_manager.post(f"{LIST}/{sequence.id}/start")
    with acme.session() as session:
        row = session.get_one(EmailSequence, (acme.tenant_id, sequence.id))
        row.audience = Audience(Conditions((RETAIL,))).to_json()
    deliver_messages_twice(WorkQueue.MESSAGES, [acme.tenant_id])
    assert (acme.reload(sequence).state, waiting(acme)) == (SequenceState.DRAFT, 0)
    assert (
        "Nothing was done: Who is in this audience was changed"
        in as_manager.get(f"{LIST}/{sequence.id}").text
    )


def test_what_a_pause_held_of_thousands_leaves_later(
    acme: World, as_manager: Client, sequence: EmailSequence, superuser: psycopg.Connection
) -> None:
    with acme.session() as session:
        session.execute(
            update(EmailSequence).where(EmailSequence.id == sequence.id).values(state=SequenceState.PAUSED)
        )
        email = Email(
            kind="own", email_class="program", occasion="o", recipient="a@b.example", fields={}, links={}
        )
        email.recipient_norm, email.sequence_id = email.recipient, sequence.id
        email.state, email.hold_reason, email.due_at = EmailState.HELD, HoldReason.PAUSED, None
        session.add(email)
    columns = ", ".join(
        f'"{column.name}"' for column in Email.__table__.columns if column.name not in {"id", "occasion"}
    )
    superuser.execute(
        f"INSERT INTO emails (id, occasion, {columns}) SELECT gen_random_uuid(), 'o' || n, {columns} "
        f"FROM emails, generate_series(1, {background_control.MAX_IN_REQUEST}) n WHERE id = %s",
        (email.id,),
    )
    superuser.commit()
    assert (
        "resumes within a minute"
        in as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/resumption")).text
    )
    assert acme.reload(sequence).state is SequenceState.PAUSED
    deliver_messages_twice(WorkQueue.MESSAGES, [acme.tenant_id])
    assert acme.reload(sequence).state is SequenceState.RUNNING
    with acme.session() as session:
        assert (
            session.scalar(
                select(func.count()).where(Email.due_at.is_(None), Email.sequence_id == sequence.id)
            )
            == 0
        )
