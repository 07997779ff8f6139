"""Campaigns, and the people in them; who waits for a survey's question, or is left out of it, stands there now.

On the way down nobody's answer is lost: those who wait and those who are left out go back to the survey's own rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import platform_functions, raise_wall, without_forced_wall

revision = "0044"
down_revision = "0043"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
STATES = ("requested", "waiting", "running", "paused", "finished", "stopped", "declined")
EARLIER_REASONS = ("paused", "consent", "opted_out", "unreachable", "lately", "budget", "closed", "refused")
REASONS = (
    "paused",
    "consent",
    "unwilling",
    "opted_out",
    "unreachable",
    "lately",
    "company",
    "budget",
    "closed",
    "refused",
)
RECIPIENTS = "survey_recipients"
ASKED_BY = "(state IN ('asked', 'answered')) = (ask_id IS NOT NULL AND asked_at IS NOT NULL)"
FUNCTIONS = {
    "tenants_with_due_campaigns(now timestamptz)": """
        SELECT DISTINCT c.tenant_id FROM public.campaigns c WHERE c.next_at <= $1""",
}
CAMPAIGNS_OF_SURVEYS = """
    INSERT INTO campaigns (tenant_id, id, subject_type, subject_id, state, is_open_ended, seed, starts_at, waves,
        days_between, next_at, requested_by_id, ended_at, version, created_at)
    SELECT s.tenant_id, gen_random_uuid(), 'surveys', s.id,
        CASE WHEN s.state = 'closed' THEN 'stopped' ELSE 'running' END, s.is_rolling, md5(s.id::text), s.launched_at,
        1, 1, CASE WHEN s.state = 'running' THEN now() END, s.launched_by_id, s.closed_at, 1, s.launched_at
    FROM surveys s WHERE s.launched_at IS NOT NULL"""
PEOPLE_OF_SURVEYS = """
    INSERT INTO campaign_people (tenant_id, id, campaign_id, advocate_id, round_on, wave, position, state, left_out,
        created_at)
    SELECT r.tenant_id, r.id, c.id, r.advocate_id, r.wave, 1, row_number() OVER (PARTITION BY c.id ORDER BY r.id),
        CASE WHEN r.state IN ('queued', 'left_out') THEN r.state ELSE 'asked' END, r.left_out, r.created_at
    FROM survey_recipients r
    JOIN campaigns c ON c.tenant_id = r.tenant_id AND c.subject_type = 'surveys' AND c.subject_id = r.survey_id"""
RECIPIENTS_OF_CAMPAIGNS = """
    INSERT INTO survey_recipients (tenant_id, id, survey_id, advocate_id, wave, state, left_out, why, may_quote,
        follow_up_note, created_at)
    SELECT p.tenant_id, p.id, c.subject_id, p.advocate_id, p.round_on, p.state,
        CASE WHEN p.left_out IN ('unwilling', 'company') THEN 'refused' ELSE p.left_out END, '', false, '',
        p.created_at
    FROM campaign_people p
    JOIN campaigns c ON c.tenant_id = p.tenant_id AND c.id = p.campaign_id AND c.subject_type = 'surveys'
    WHERE p.state <> 'asked'"""


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _create_campaigns()
    _create_people()
    platform_functions(FUNCTIONS)
    with without_forced_wall("surveys"), without_forced_wall(RECIPIENTS), _of_campaigns():
        op.execute(CAMPAIGNS_OF_SURVEYS)
        op.execute(PEOPLE_OF_SURVEYS)
        op.execute(f"DELETE FROM {RECIPIENTS} WHERE state IN ('queued', 'left_out')")
    _recipients_are_asked()


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _recipients_wait_too()
    with without_forced_wall(RECIPIENTS), _of_campaigns():
        op.execute(RECIPIENTS_OF_CAMPAIGNS)
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("campaign_people")
    op.drop_table("campaigns")


def _create_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("state", _enum("campaignstate", *STATES), nullable=False),
        sa.Column("is_open_ended", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("waves", sa.Integer(), nullable=False),
        sa.Column("days_between", sa.Integer(), nullable=False),
        *(sa.Column(name, MOMENT) for name in ("next_at", "paused_at")),
        *(sa.Column(name, ID) for name in ("requested_by_id", "approver_id")),
        *(sa.Column(name, MOMENT) for name in ("approval_asked_at", "decided_at")),
        sa.Column("decided_by_id", ID),
        sa.Column("ended_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _check(
            "campaigns",
            "due_while_it_is_under_way",
            "next_at IS NULL OR state IN ('requested', 'running')",
        ),
        _check("campaigns", "waves_in_range", "waves BETWEEN 1 AND 20"),
        _check("campaigns", "days_between_in_range", "days_between BETWEEN 1 AND 30"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_campaigns_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_campaigns")),
        *(_member(column) for column in ("requested_by_id", "approver_id", "decided_by_id")),
        _unique("campaigns", "subject_type", "subject_id"),
    )
    _index("campaigns", "due", ["next_at"], "next_at IS NOT NULL")
    _index("campaigns", "waiting", ["id"], "state = 'waiting'")
    raise_wall("campaigns", platform_reads=True)


def _create_people() -> None:
    op.create_table(
        "campaign_people",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("round_on", sa.Date(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", _enum("personstate", "queued", "asked", "left_out"), nullable=False),
        sa.Column("left_out", _enum("leftout", *REASONS), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("campaign_people", "left_out_has_a_reason", "(state = 'left_out') = (left_out IS NOT NULL)"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_campaign_people")),
        _unique("campaign_people", "campaign_id", "round_on", "advocate_id"),
    )
    _index("campaign_people", "queued", ["campaign_id", "wave", "position"], "state = 'queued'")
    raise_wall("campaign_people")


def _recipients_are_asked() -> None:
    op.drop_index("ix_survey_recipients_queued", RECIPIENTS)
    for name in ("left_out_has_a_reason", "asked_by_an_ask", "recipientstate", "leftout"):
        op.drop_constraint(op.f(f"ck_{RECIPIENTS}_{name}"), RECIPIENTS, type_="check")
    op.drop_column(RECIPIENTS, "left_out")
    op.alter_column(RECIPIENTS, "ask_id", nullable=False)
    op.alter_column(RECIPIENTS, "asked_at", nullable=False)
    _state_check("asked", "answered")


def _recipients_wait_too() -> None:
    op.drop_constraint(op.f(f"ck_{RECIPIENTS}_recipientstate"), RECIPIENTS, type_="check")
    _state_check("queued", "asked", "answered", "left_out")
    op.add_column(RECIPIENTS, sa.Column("left_out", sa.String(40), nullable=True))
    listed = ", ".join(f"'{reason}'" for reason in EARLIER_REASONS)
    op.create_check_constraint(op.f(f"ck_{RECIPIENTS}_leftout"), RECIPIENTS, f"left_out IN ({listed})")
    op.alter_column(RECIPIENTS, "ask_id", nullable=True)
    op.alter_column(RECIPIENTS, "asked_at", nullable=True)
    reason = "(state = 'left_out') = (left_out IS NOT NULL)"
    op.create_check_constraint(op.f(f"ck_{RECIPIENTS}_left_out_has_a_reason"), RECIPIENTS, reason)
    op.create_check_constraint(op.f(f"ck_{RECIPIENTS}_asked_by_an_ask"), RECIPIENTS, ASKED_BY)
    _index(RECIPIENTS, "queued", ["id"], "state = 'queued'")


def _state_check(*states: str) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(op.f(f"ck_{RECIPIENTS}_recipientstate"), RECIPIENTS, f"state IN ({listed})")


@contextmanager
def _of_campaigns() -> Iterator[None]:
    with without_forced_wall("campaigns"), without_forced_wall("campaign_people"):
        yield


def _index(table: str, name: str, columns: list[str], where: str) -> None:
    only = {"postgresql_where": sa.text(where)}
    op.create_index(f"ix_{table}_{name}", table, ["tenant_id", *columns], **only)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _member(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        ["memberships.tenant_id", "memberships.id"],
        name=op.f(f"fk_campaigns_tenant_id_{column}"),
    )


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("tenant_id", *columns, name=op.f(f"uq_{table}_tenant_id_{'_'.join(columns)}"))


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
