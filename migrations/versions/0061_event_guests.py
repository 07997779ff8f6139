"""Guests of events: what they answered, the seats they hold or wait for, and who was there."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from tenants.row_level_security import platform_functions, raise_wall

revision = "0061"
down_revision = "0060"
ID, TEXT, NUMBER, YES_NO = sa.Uuid(), sa.Text(), sa.Integer(), sa.Boolean()
MOMENT, TEXTS = sa.DateTime(timezone=True), sa.ARRAY(sa.Text())
NONE: dict[str, str] = {}
GUEST_STATES = (
    "listed unconfirmed requested refused invited maybe accepted declined waitlisted offered lapsed cancelled "
    "removed"
)
SEATS_OF_GUESTS = "CASE WHEN state IN ('accepted', 'offered') THEN seats_held = party ELSE seats_held = 0 END"
FUNCTIONS = {  # somebody waits for a seat or was offered one, or a record falls due to be closed
    "tenants_with_due_events(now timestamptz)": """
        SELECT g.tenant_id FROM public.event_guests g
        JOIN public.events e ON e.tenant_id = g.tenant_id AND e.id = g.event_id
        WHERE g.state IN ('waitlisted', 'offered') AND e.state = 'open' AND e.starts_at > $1 - interval '1 day'
        UNION SELECT p.tenant_id FROM public.event_session_places p
        JOIN public.event_guests g ON g.tenant_id = p.tenant_id AND g.id = p.guest_id
        JOIN public.events e ON e.tenant_id = g.tenant_id AND e.id = g.event_id
        WHERE p.state = 'offered' AND e.state = 'open'
        UNION SELECT e.tenant_id FROM public.events e WHERE e.state = 'open' AND e.records_close_at <= $1
        UNION SELECT w.tenant_id FROM public.event_waves w WHERE w.sent_at IS NULL AND w.invite_at <= $1""",
}
TABLES = (
    "event_guests",
    "event_guest_needs",
    "event_answers",
    "event_session_places",
    "event_feedback",
    "attendance_files",
    "attendance_lines",
    "attendance_aliases",
)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _guests()
    _what_guests_say()
    _attendance()
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature}")
    for table in reversed(TABLES):
        op.drop_table(table)


def _guests() -> None:
    _create(
        "event_guests",
        (
            *_columns(ID, "event_id"),
            *_columns(ID, "advocate_id account_id host_id instead_of_id ask_id", nullable=True),
            *_columns(TEXT, "name email company title time_zone utm_source"),
            *_columns(TEXT, "utm_medium utm_campaign note priority_reason attended_by"),
            *_columns(TEXT, "email_norm", nullable=True),
            *_columns(YES_NO, "is_prospect shows_name is_priority"),
            *_columns(NUMBER, "party seats_held offers missed_offers link_version version"),
            *_columns(
                MOMENT, "invited_at reached_at confirmed_at answered_at changed_at accepted_at", nullable=True
            ),
            *_columns(
                MOMENT, "cancelled_at waitlisted_at offered_at offer_until attended_at left_at", nullable=True
            ),
            *_columns(MOMENT, "attendance_changed_at", nullable=True),
            *_columns(NUMBER, "place minutes", nullable=True),
            _enum("source", "guestsource", "asked registered forwarded csv walk_in plus_one speaker"),
            _enum("state", "gueststate", GUEST_STATES),
            _enum("attendance_source", "attendancesource", "door join_page file by_hand", nullable=True),
        ),
        part_of={"event_id": "events", "host_id": "event_guests"},
        refers={
            "account_id": "accounts",
            "advocate_id": "advocates",
            "ask_id": "asks",
            "instead_of_id": "advocates",
        },
        unique=(
            "ask_id",
            "event_id advocate_id",
            "event_id email_norm",
        ),
        checks={
            "address_is_normalized": "(email_norm IS NULL) = (email = '')",
            "advocate_or_contact": "advocate_id IS NULL OR num_nonnulls(email_norm, host_id) = 0",
            "attendance_has_a_source": "(attended_at IS NULL) = (attendance_source IS NULL)",
            "minutes_not_negative": "minutes >= 0",
            "offered_has_a_time": "(state = 'offered') = (offered_at IS NOT NULL)",
            "only_advocates_are_asked": "ask_id IS NULL OR advocate_id IS NOT NULL",
            "only_offers_end": "offer_until IS NULL OR state = 'offered'",
            "only_who_came_leaves": "left_at IS NULL OR attended_at IS NOT NULL",
            "party_in_range": "CASE WHEN host_id IS NULL THEN party BETWEEN 1 AND 6 ELSE party = 0 END",
            "place_while_in_line": "(state IN ('waitlisted', 'offered')) = (place IS NOT NULL)",
            "seats_by_state": SEATS_OF_GUESTS,
        },
        platform_reads=True,
    )
    _index("ix_event_guests_advocate", "event_guests", "advocate_id")
    _index("ix_event_guests_event", "event_guests", "event_id state id")
    _index("ix_event_guests_host", "event_guests", "host_id", where="host_id IS NOT NULL")
    _index(
        "ix_event_guests_line", "event_guests", "event_id place", where="state IN ('waitlisted', 'offered')"
    )
    _index("ix_event_guests_offered", "event_guests", "offered_at", where="state = 'offered'")


def _what_guests_say() -> None:
    _create(
        "event_guest_needs",
        (
            *_columns(ID, "guest_id"),
            *_columns(TEXTS, "food"),
            *_columns(TEXT, "note"),
        ),
        part_of={"guest_id": "event_guests"},
        unique=("guest_id",),
    )
    _create(
        "event_answers",
        (
            *_columns(ID, "guest_id question_id"),
            *_columns(TEXT, "answer"),
        ),
        part_of={"guest_id": "event_guests", "question_id": "event_questions"},
        unique=("guest_id question_id",),
    )
    _create(
        "event_session_places",
        (
            *_columns(ID, "session_id guest_id"),
            *_columns(NUMBER, "seats_held offers missed_offers"),
            *_columns(NUMBER, "place", nullable=True),
            *_columns(MOMENT, "waitlisted_at offered_at offer_until", nullable=True),
            _enum("state", "placestate", "wished taken waiting offered lapsed given_up"),
        ),
        part_of={"guest_id": "event_guests", "session_id": "event_sessions"},
        unique=("session_id guest_id",),
        checks={
            "offered_has_a_time": "(state = 'offered') = (offered_at IS NOT NULL)",
            "place_while_in_line": "(state IN ('waiting', 'offered')) = (place IS NOT NULL)",
            "seats_by_state": "seats_held = CASE WHEN state IN ('taken', 'offered') THEN 1 ELSE 0 END",
        },
        platform_reads=True,
    )
    _index("ix_event_session_places_guest", "event_session_places", "guest_id")
    _index("ix_event_session_places_offered", "event_session_places", "offered_at", where="state = 'offered'")
    _create(
        "event_feedback",
        (
            *_columns(ID, "guest_id"),
            *_columns(NUMBER, "score"),
            *_columns(TEXT, "comment"),
            *_columns(YES_NO, "may_quote"),
            *_columns(MOMENT, "changed_at"),
        ),
        part_of={"guest_id": "event_guests"},
        unique=("guest_id",),
        checks={
            "score_in_range": "score BETWEEN 0 AND 10",
        },
    )


def _attendance() -> None:
    _create(
        "attendance_files",
        (
            *_columns(ID, "event_id"),
            *_columns(TEXT, "file_name digest"),
            *_columns(ID, "by_id", nullable=True),
            _enum("platform", "attendanceplatform", "zoom teams goto"),
        ),
        part_of={"event_id": "events"},
        refers={"by_id": "memberships"},
        unique=("event_id digest",),
    )
    _create(
        "attendance_lines",
        (
            *_columns(ID, "file_id"),
            *_columns(TEXT, "alias name email"),
            *_columns(NUMBER, "joins minutes"),
            *_columns(MOMENT, "joined_at left_at", nullable=True),
            *_columns(ID, "guest_id", nullable=True),
            _enum("match", "attendancematch", "matched unmatched too_short ignored"),
        ),
        part_of={"file_id": "attendance_files", "guest_id": "event_guests"},
        unique=("file_id alias",),
        checks={
            "matched_is_somebody": "(match IN ('matched', 'too_short')) = (guest_id IS NOT NULL)",
            "minutes_not_negative": "minutes >= 0",
        },
    )
    _index("ix_attendance_lines_file", "attendance_lines", "file_id match")
    _create(
        "attendance_aliases",
        (
            *_columns(TEXT, "alias"),
            *_columns(ID, "advocate_id"),
        ),
        refers={"advocate_id": "advocates"},
        unique=("alias",),
    )


def _create(
    table: str,
    columns: tuple[SchemaItem, ...],
    *,
    part_of: dict[str, str] = NONE,
    refers: dict[str, str] = NONE,
    unique: tuple[str, ...] = (),
    checks: dict[str, str] = NONE,
    platform_reads: bool = False,
) -> None:
    """With what every walled table has; `part_of`: deleted together with that row."""
    op.create_table(
        table,
        *_columns(ID, "tenant_id id"),
        *columns,
        *_columns(MOMENT, "created_at"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        *(_key(table, column, other, "CASCADE") for column, other in part_of.items()),
        *(_key(table, column, other, None) for column, other in refers.items()),
        *(_unique(table, names.split()) for names in unique),
        *(sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in checks.items()),
    )
    raise_wall(table, platform_reads=platform_reads)


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[SchemaItem]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _enum(column: str, name: str, values: str, *, nullable: bool = False) -> SchemaItem:
    kind = sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(column, kind, nullable=nullable)


def _key(table: str, column: str, other: str, ondelete: str | None) -> SchemaItem:
    name, target = op.f(f"fk_{table}_tenant_id_{column}"), [f"{other}.tenant_id", f"{other}.id"]
    return sa.ForeignKeyConstraint(["tenant_id", column], target, name=name, ondelete=ondelete)


def _unique(table: str, columns: list[str]) -> SchemaItem:
    return sa.UniqueConstraint("tenant_id", *columns, name=op.f(f"uq_{table}_tenant_id_{'_'.join(columns)}"))


def _index(name: str, table: str, columns: str, where: str | None = None) -> None:
    only: Any = {"postgresql_where": sa.text(where)} if where else {}
    op.create_index(name, table, ["tenant_id", *columns.split()], **only)
