"""Lists of emails stay quick in a workspace that has sent many: an index leads to the few rows of a page."""

import re
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql

from portal.outreach.messages import alarms
from portal.outreach.messages.queries import EmailFilters, EmailTab, emails
from portal.outreach.models import Email, EmailState
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tests.outreach.messages.stored_emails import email
from tests.world import World

MANY = 20_000
DIALECT = postgresql.psycopg.dialect()
LED_BY = [
    (EmailFilters(EmailTab.NEEDS_ATTENTION), "ix_emails_needs_attention"),
    (EmailFilters(EmailTab.WAITING), "ix_emails_due"),
    (EmailFilters(EmailTab.WAITING), "ix_emails_outcome_unknown"),
    (
        EmailFilters(EmailTab.ON_HOLD),
        "ix_emails_not_sent|ix_emails_due",
    ),  # both hold the held; the planner takes the shorter
    (EmailFilters(EmailTab.NOT_SENT), "ix_emails_not_sent"),
    (EmailFilters(EmailTab.SENT), "Index Scan Backward using pk_emails"),
    (EmailFilters(EmailTab.ALL), "Index Scan Backward using pk_emails"),
    (EmailFilters(address="reader7@x.example"), "ix_emails_recipient"),
]


@pytest.fixture(scope="module")
def busy(app: Portal) -> World:
    return World.build(app, "Busy")


@pytest.fixture
def many(busy: World, superuser: psycopg.Connection) -> World:
    """Twenty thousand emails that were sent, written over the wall."""
    if size(superuser, busy.tenant_id) < MANY:
        first = email(busy, state=EmailState.ACCEPTED)
        superuser.execute(
            """INSERT INTO emails SELECT new.* FROM emails t, generate_series(1, %s) n,
                LATERAL jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(),
                    'occasion', 'reader ' || n, 'recipient_norm', 'reader' || n || '@x.example')) new
                WHERE t.id = %s""",
            (MANY, first.id),
        )
        superuser.execute("ANALYZE emails")
        superuser.commit()
    return busy


def size(superuser: psycopg.Connection, tenant_id: UUID) -> int:
    row = superuser.execute("SELECT count(*) FROM emails WHERE tenant_id = %s", (tenant_id,)).fetchone()
    return int(row[0]) if row else 0


def plan(world: World, query: Select[UUID]) -> str:
    """As the role that serves sees it, with the wall up."""
    made = query.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    with world.session() as session:
        rows = session.connection().exec_driver_sql(f"EXPLAIN {made}", dict(made.params))
        return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("filters", "index"), LED_BY, ids=[f"{filters.tab}-{index}" for filters, index in LED_BY]
)
def test_a_page_of_any_view_is_found_by_an_index(many: World, filters: EmailFilters, index: str) -> None:
    page = emails(filters).with_only_columns(Email.id).order_by(Email.id.desc()).limit(26)
    found = plan(many, page)
    assert re.search(index, found)
    assert "Seq Scan" not in found


def test_the_oldest_late_email_stands_at_the_head_of_an_index(many: World) -> None:
    found = plan(many, select(alarms.late_since(utc_now())))
    assert found.count("ix_emails_due") == 2 * len(alarms.QUEUES)
    assert "Sort" not in found


def test_the_email_turned_away_for_longest_stands_at_the_head_of_an_index(many: World) -> None:
    for column in (Email.first_rejected_at, Email.status_code, Email.status_params):
        found = plan(many, select(alarms.longest_rejected(column)))
        assert "ix_emails_rejected" in found
        assert "Sort" not in found
