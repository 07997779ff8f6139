"""Events, their agenda, what they ask and cost, and the doors; the wall around all of it.

Never is one seat more taken than there are: the database refuses it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

from tenants.row_level_security import raise_wall

revision = "0060"
down_revision = "0056"
ID, TEXT, NUMBER, YES_NO, DAY = sa.Uuid(), sa.Text(), sa.Integer(), sa.Boolean(), sa.Date()
MOMENT, MONEY, TEXTS, JSON = sa.DateTime(timezone=True), sa.BigInteger(), sa.ARRAY(sa.Text()), JSONB()
NONE: dict[str, str] = {}
NEVER_OVERSOLD = "seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)"
CHOICES = "CASE WHEN kind = 'choice' THEN cardinality(choices) BETWEEN 2 AND 12 ELSE choices = '{}' END"
TABLES = (
    "events",
    "event_sessions",
    "event_speakers",
    "event_materials",
    "event_questions",
    "event_costs",
    "event_door_links",
    "event_waves",
)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _events()
    _agenda()
    _details()


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)


def _events() -> None:
    _create(
        "events",
        (
            *_columns(TEXT, "title description time_zone venue address directions"),
            *_columns(TEXT, "join_url currency cancel_note"),
            *_columns(ID, "picture_id photo_text_id recording_text_id host_id series_id", nullable=True),
            *_columns(MOMENT, "starts_at ends_at records_close_at"),
            *_columns(NUMBER, "calendar_sequence seats_taken last_place plus_ones minimum_minutes version"),
            *_columns(NUMBER, "capacity", nullable=True),
            *_columns(
                MOMENT, "called_at registration_closes_at opened_at cancelled_at closed_at", nullable=True
            ),
            *_columns(YES_NO, "allows_delegates asks_needs has_checkout has_record"),
            *_columns(JSON, "audience"),
            *_columns(TEXT, "slug", nullable=True),
            *_columns(DAY, "answer_by", nullable=True),
            *_columns(MONEY, "budget_cents", nullable=True),
            _enum("kind", "eventkind", "webinar roundtable user_group dinner conference board_meeting"),
            _enum("state", "eventstate", "draft open cancelled closed"),
            _enum("format", "eventformat", "in_person online hybrid"),
            _enum("registration", "registrationmode", "invited_only customers everybody"),
            _enum("guest_list", "guestlistvisibility", "hosts guests"),
        ),
        refers={
            "host_id": "memberships",
            "photo_text_id": "record_consent_texts",
            "picture_id": "stored_files",
            "recording_text_id": "record_consent_texts",
            "series_id": "events",
        },
        unique=("slug",),
        checks={
            "budget_not_negative": "budget_cents >= 0",
            "cancelled_has_a_time": "(state = 'cancelled') = (cancelled_at IS NOT NULL)",
            "capacity_positive": "capacity > 0",
            "closed_has_a_time": "(state = 'closed') = (closed_at IS NOT NULL)",
            "ends_after_it_starts": "ends_at > starts_at",
            "minimum_minutes_not_negative": "minimum_minutes >= 0",
            "never_oversold": NEVER_OVERSOLD,
            "opened_unless_draft": "(state = 'draft') = (opened_at IS NULL)",
            "plus_ones_in_range": "plus_ones BETWEEN 0 AND 5",
            "public_has_an_address": "registration = 'invited_only' OR slug IS NOT NULL",
            "records_close_after_it_ends": "records_close_at >= ends_at",
        },
        platform_reads=True,
    )
    _index("ix_events_ends", "events", "ends_at")
    _index("ix_events_state", "events", "state starts_at id")


def _agenda() -> None:
    _create(
        "event_sessions",
        (
            *_columns(ID, "event_id"),
            *_columns(TEXT, "title description room"),
            *_columns(MOMENT, "starts_at"),
            *_columns(MOMENT, "ends_at called_at", nullable=True),
            *_columns(YES_NO, "is_chosen"),
            *_columns(NUMBER, "capacity", nullable=True),
            *_columns(NUMBER, "seats_taken last_place"),
        ),
        part_of={"event_id": "events"},
        checks={
            "capacity_positive": "capacity > 0",
            "ends_after_it_starts": "ends_at > starts_at",
            "never_oversold": NEVER_OVERSOLD,
            "only_chosen_ones_have_places": "capacity IS NULL OR is_chosen",
        },
    )
    _index("ix_event_sessions_event", "event_sessions", "event_id starts_at")
    _create(
        "event_speakers",
        (
            *_columns(ID, "event_id"),
            *_columns(ID, "session_id advocate_id ask_id", nullable=True),
            *_columns(TEXT, "name title company topic"),
            *_columns(NUMBER, "position"),
        ),
        part_of={"event_id": "events", "session_id": "event_sessions"},
        refers={"advocate_id": "advocates", "ask_id": "asks"},
        unique=("ask_id",),
        checks={
            "only_advocates_are_asked": "ask_id IS NULL OR advocate_id IS NOT NULL",
            "somebody": "advocate_id IS NOT NULL OR name <> ''",
        },
    )
    _index("ix_event_speakers_event", "event_speakers", "event_id position")
    _create(
        "event_materials",
        (
            *_columns(ID, "event_id"),
            *_columns(ID, "session_id file_id", nullable=True),
            *_columns(TEXT, "title url"),
            *_columns(NUMBER, "position"),
            _enum("moment", "materialmoment", "before after after_for_attended"),
        ),
        part_of={"event_id": "events", "session_id": "event_sessions"},
        refers={"file_id": "stored_files"},
        checks={
            "file_or_address": "(file_id IS NULL) = (url <> '')",
        },
    )
    _index("ix_event_materials_event", "event_materials", "event_id position")


def _details() -> None:
    _create(
        "event_questions",
        (
            *_columns(ID, "event_id"),
            *_columns(TEXT, "question"),
            *_columns(TEXTS, "choices"),
            *_columns(YES_NO, "is_required"),
            *_columns(NUMBER, "position"),
            _enum("kind", "questiontype", "text choice yes_no"),
        ),
        part_of={"event_id": "events"},
        checks={
            "choices_to_choose_from": CHOICES,
        },
    )
    _index("ix_event_questions_event", "event_questions", "event_id position")
    _create(
        "event_costs",
        (
            *_columns(ID, "event_id"),
            *_columns(TEXT, "label"),
            *_columns(NUMBER, "quantity position"),
            *_columns(MONEY, "unit_cents"),
        ),
        part_of={"event_id": "events"},
        checks={
            "quantity_positive": "quantity > 0",
            "unit_not_negative": "unit_cents >= 0",
        },
    )
    _index("ix_event_costs_event", "event_costs", "event_id position")
    _create(
        "event_door_links",
        (
            *_columns(ID, "event_id"),
            *_columns(TEXT, "name"),
            *_columns(ID, "made_by_id", nullable=True),
            *_columns(MOMENT, "expires_at"),
            *_columns(MOMENT, "revoked_at", nullable=True),
            *_columns(NUMBER, "link_version"),
        ),
        part_of={"event_id": "events"},
        refers={"made_by_id": "memberships"},
    )
    _index("ix_event_door_links_event", "event_door_links", "event_id")
    _create(
        "event_waves",
        (
            *_columns(ID, "event_id"),
            *_columns(JSON, "audience"),
            *_columns(NUMBER, "size people", nullable=True),
            *_columns(MOMENT, "invite_at"),
            *_columns(ID, "by_id", nullable=True),
            *_columns(MOMENT, "sent_at", nullable=True),
        ),
        part_of={"event_id": "events"},
        refers={"by_id": "memberships"},
        checks={
            "sent_counts_people": "(sent_at IS NULL) = (people IS NULL)",
            "size_positive": "size > 0",
        },
        platform_reads=True,
    )
    _index("ix_event_waves_due", "event_waves", "invite_at", where="sent_at IS NULL")
    _index("ix_event_waves_event", "event_waves", "event_id")


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
