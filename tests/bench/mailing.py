"""A workspace with many people and an email waiting for each of them, written over the wall: for the outreach bench.

All emails are one program email to people who agreed to it; one in twenty is held by a rule when it is claimed:
some are suppressed, some took their consent back, some had enough emails, and for some it is night.
"""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from portal.outreach.suppressions.address_hashes import address_hash
from portal.outreach.templates.actions import create_own_template
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.queries import latest_version
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tenants.database import tenant_session
from tenants.models import Role
from tests.world import World

HELD = 0.05  # 1 % suppressed, 2 % without consent, 1 % over the cap, 1 % at night
DAY, NIGHT = range(8, 17), range(8)
ZONES = ("Pacific/Auckland", "Asia/Tokyo", "America/New_York", "Pacific/Honolulu", "Europe/Berlin")
TEXT = TemplateContent(
    subject="{{first_name}}, what your peers at {{company}} asked for",
    preheader="Three things that changed because customers spoke up.",
    body="""{{greeting}}

This quarter **three ideas** of customers like you went into the product. One of them came from {{company}}.

- Faster month-end close
- Reports that open on a phone
- A sandbox for your own data

[See what changed](https://acme.example/news)

[Choose what we may ask]({{preferences_link}})

*You can answer this email: a person reads it.*

{{sign_off}}""",
    reason="You get this because you agreed to program news from {{workspace}}.",
)
PEOPLE = """
    INSERT INTO advocates (tenant_id, id, email, email_norm, first_name, last_name, name_sort, state, provenance,
        time_zone, consents, enrolled_at, created_at)
    SELECT %(tenant)s, gen_random_uuid(), 'p' || n || '@customer.example', 'p' || n || '@customer.example',
        'Ada' || word, 'Lindqvist', 'lindqvist ada' || word, 'enrolled', 'imported',
        CASE WHEN n %% 100 = 4 THEN %(night)s ELSE %(day)s END,
        CASE WHEN n %% 50 = 3 THEN '{calls}' ELSE '{calls,news}' END::text[], %(now)s, %(now)s
    FROM generate_series(1, %(people)s) n, translate(n::text, '0123456789', 'abcdefghij') word"""
EMAILS = """
    INSERT INTO emails (tenant_id, id, queue, kind, email_class, bulk, occasion, recipient, recipient_norm,
        recipient_name, time_zone, purpose, advocate_id, subject_type, subject_id, template_id, fields, links, state,
        due_at, created_at)
    SELECT tenant_id, gen_random_uuid(), %(queue)s, 'own', 'program', true, %(occasion)s || id, email, email_norm,
        first_name || ' ' || last_name, time_zone, 'news', id, 'advocates', id, %(version)s,
        jsonb_build_object('company', 'Customer & Sons ' || (row_number() OVER (ORDER BY id)) %% 500),
        jsonb_build_object('preferences', jsonb_build_object('purpose', 'preferences', 'id', id, 'version', 1)),
        'queued', %(now)s, %(now)s
    FROM advocates WHERE tenant_id = %(tenant)s ORDER BY length(email), email LIMIT %(most)s"""
ENOUGH = """
    INSERT INTO emails (tenant_id, id, queue, kind, email_class, bulk, occasion, recipient, recipient_norm, state,
        claimed_at, sent_at, template_id, fields, links, created_at)
    SELECT tenant_id, gen_random_uuid(), 'mail', 'own', 'program', true, 'before:' || id || m, email, email_norm,
        'accepted', %(now)s - interval '2 days', %(now)s - interval '2 days', %(version)s, '{}', '{}', %(now)s
    FROM advocates, generate_series(1, 3) m
    WHERE tenant_id = %(tenant)s AND split_part(substr(email, 2), '@', 1)::int %% 100 = 2"""
SUPPRESSED = """
    INSERT INTO suppressions (tenant_id, id, address_hash, purpose, reason, address, note, created_at)
    VALUES (%s, gen_random_uuid(), %s, '', 'unsubscribed', %s, '', %s)"""
TABLES = ("advocates", "emails", "suppressions")
EMPTY = {
    "text": "''",
    "ARRAY": "'{}'",
    "integer": "0",
    "boolean": "false",
    "jsonb": "'{}'",
    "character varying": "''",
}
REQUIRED = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER'
        AND table_name = ANY (%s)"""


@dataclass
class Mailing:
    """`superuser`: the address of the server's own superuser, on the database of the app."""

    superuser: str
    world: World
    version: UUID

    @classmethod
    def build(cls, app: Portal, superuser: str, people: int) -> "Mailing":
        world = World.build(app, "Acme")
        world.set_outreach_policies(
            send_from_hour=8, send_until_hour=18, weekdays_only=0, emails_per_week=3, emails_per_month=8
        )
        world.set_outreach_policies(emails_per_day=2_000_000)
        manager = world.member(Role.MANAGER)
        with world.session() as session:
            version = latest_version(
                session, create_own_template(session, "News", "news", TEXT, by=manager).id
            ).id
        made = cls(superuser, world, version)
        made._fill(people)
        return made

    def queue(self, occasion: str, most: int, queue: str = "mail") -> None:
        """An email for everybody, or for so many."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            connection.execute(EMAILS, self._given(occasion=occasion, most=most, queue=queue))
            connection.execute("VACUUM ANALYZE emails")

    def states(self) -> dict[tuple[str, str], int]:
        """(state, held for) -> emails of the mailing."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT state, hold_reason, count(*) FROM emails WHERE tenant_id = %s AND occasion NOT LIKE 'before:%%'"
                " GROUP BY 1, 2",
                (self.world.tenant_id,),
            )
            return {(state, hold): number for state, hold, number in rows.fetchall()}

    def is_waiting(self, looking: psycopg.Connection) -> bool:
        """Is any email still on its way?"""
        query = "SELECT EXISTS (SELECT FROM emails WHERE tenant_id = %s AND state IN ('queued', 'sending'))"
        row = looking.execute(query, (self.world.tenant_id,)).fetchone()
        return bool(row and row[0])

    def forget_emails(self) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            for table in ("daily_mail_stats", "emails"):
                connection.execute(f"DELETE FROM {table} WHERE tenant_id = %s", (self.world.tenant_id,))
            connection.execute("VACUUM FULL emails")
            connection.execute(ENOUGH, self._given())

    def _fill(self, people: int) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            for table, column, kind in connection.execute(REQUIRED, (list(TABLES),)).fetchall():
                if kind in EMPTY:
                    connection.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT {EMPTY[kind]}")
            connection.execute(PEOPLE, self._given(people=people, night=_zone(NIGHT), day=_zone(DAY)))
            connection.execute(ENOUGH, self._given())
            connection.cursor().executemany(SUPPRESSED, self._suppressed(people))
            connection.execute("VACUUM ANALYZE advocates, emails, suppressions")

    def _suppressed(self, people: int) -> list[tuple[object, ...]]:
        with tenant_session(self.world.tenant_id) as session:
            addresses = [f"p{number}@customer.example" for number in range(1, people + 1, 100)]
            return [(self.world.tenant_id, address_hash(session, one), one, utc_now()) for one in addresses]

    def _given(self, **more: object) -> dict[str, object]:
        return {"tenant": self.world.tenant_id, "version": self.version, "now": utc_now()} | more


def _zone(hours: range) -> str:
    """Where it is one of these hours now, and will be for a while."""
    return next(zone for zone in ZONES if utc_now().astimezone(ZoneInfo(zone)).hour in hours)
