"""Surveys, and in each round of them the people who are asked, with what they answer.

Reasons to withdraw an ask are declared by programs from here on, so no CHECK lists them. On the way down answers are
lost, since the release before has no place for them; the asks stay in the ledger, and say in words why they ended.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import raise_wall, without_forced_wall

revision = "0040"
down_revision = "0039"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
WORDS = sa.ARRAY(sa.Text())
WITHDRAWAL_REASONS = "('left_program', 'request_ended', 'in_words', 'earlier')"
LEFT_OUT = ("paused", "consent", "opted_out", "unreachable", "lately", "budget", "closed", "refused")


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_asks_withdrawalreason"), "asks", type_="check")
    _create_surveys()
    _create_recipients()


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_table("survey_recipients")
    op.drop_table("surveys")
    with without_forced_wall("asks"):
        op.execute(
            "UPDATE asks SET withdrawal_reason = 'earlier', reason_text = CASE withdrawal_reason "
            "WHEN 'closed' THEN 'It closed before they answered.' "
            "ELSE coalesce(nullif(reason_text, ''), withdrawal_reason) END "
            f"WHERE withdrawal_reason NOT IN {WITHDRAWAL_REASONS}"
        )
    op.create_check_constraint(
        op.f("ck_asks_withdrawalreason"), "asks", f"withdrawal_reason IN {WITHDRAWAL_REASONS}"
    )


def _create_surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", _enum("surveykind", "score", "choice"), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("choices", WORDS, nullable=False),
        sa.Column("audience", postgresql.JSONB(), nullable=False),
        sa.Column("is_rolling", sa.Boolean(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("state", _enum("surveystate", "draft", "running", "closed"), nullable=False),
        sa.Column("launched_at", MOMENT, nullable=True),
        sa.Column("launched_by_id", ID, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("surveys", "launched_unless_draft", "(state = 'draft') = (launched_at IS NULL)"),
        _check("surveys", "closed_has_a_time", "(state = 'closed') = (closed_at IS NOT NULL)"),
        _check(
            "surveys",
            "choices_to_choose_from",
            "CASE WHEN kind = 'choice' THEN cardinality(choices) BETWEEN 2 AND 8 ELSE choices = '{}' END",
        ),
        _check("surveys", "answer_days_in_range", "answer_days BETWEEN 1 AND 60"),
        *_keys("surveys", launched_by_id="memberships"),
    )
    op.create_index("ix_surveys_state", "surveys", ["tenant_id", "state", "id"])
    raise_wall("surveys")


def _create_recipients() -> None:
    op.create_table(
        "survey_recipients",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("wave", sa.Date(), nullable=False),
        sa.Column(
            "state", _enum("recipientstate", "queued", "asked", "answered", "left_out"), nullable=False
        ),
        sa.Column("left_out", _enum("leftout", *LEFT_OUT), nullable=True),
        sa.Column("ask_id", ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("followed_up_at", MOMENT, nullable=True),
        sa.Column("followed_up_by_id", ID, nullable=True),
        sa.Column("follow_up_note", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("survey_recipients", "left_out_has_a_reason", "(state = 'left_out') = (left_out IS NOT NULL)"),
        _check(
            "survey_recipients",
            "asked_by_an_ask",
            "(state IN ('asked', 'answered')) = (ask_id IS NOT NULL AND asked_at IS NOT NULL)",
        ),
        _check(
            "survey_recipients",
            "answered_by_one_tap",
            "CASE WHEN state = 'answered' THEN num_nonnulls(score, choice) = 1 AND answered_at IS NOT NULL "
            "ELSE num_nonnulls(score, choice, answered_at) = 0 END",
        ),
        _check("survey_recipients", "score_in_range", "score BETWEEN 0 AND 10"),
        _check("survey_recipients", "choice_in_range", "choice BETWEEN 0 AND 7"),
        *_keys(
            "survey_recipients",
            survey_id="surveys",
            advocate_id="advocates",
            ask_id="asks",
            followed_up_by_id="memberships",
        ),
        _unique("survey_recipients", "survey_id", "advocate_id", "wave"),
        _unique("survey_recipients", "ask_id"),
    )
    _index("advocate", ["advocate_id"])
    _index("asked", ["asked_at"])
    _index("queued", ["id"], "state = 'queued'")
    _index("to_call", ["advocate_id"], "score <= 6 AND followed_up_at IS NULL")
    raise_wall("survey_recipients")


def _index(name: str, columns: list[str], where: str | None = None) -> None:
    only = {"postgresql_where": sa.text(where)} if where else {}
    op.create_index(f"ix_survey_recipients_{name}", "survey_recipients", ["tenant_id", *columns], **only)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _keys(table: str, **references: str) -> list[sa.Constraint]:
    """The primary key, and foreign keys that stay in the workspace."""
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for column, other in references.items()
        ),
    ]


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    name = op.f(f"uq_{table}_tenant_id_{'_'.join(columns)}")
    return sa.UniqueConstraint("tenant_id", *columns, name=name)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
