"""Consent anchors: what a chain was on a day. Ledgers are changed by erasure alone, through functions of the wall."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import platform_functions, raise_wall
from tenants.wall import PLATFORM_ROLE

revision = "0026"
down_revision = "0025"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
# The policy one_tenant holds for the platform role, too: these change rows of the session's own workspace only.
GRANTS = {
    "consent_entries": "SELECT (tenant_id, id, advocate_id, personal, salt), UPDATE (personal, salt)",
    "history": "SELECT (tenant_id, id, subject_id, detail), UPDATE (detail)",
    "advocates": "SELECT (tenant_id, id, state)",
    "suppressions": "SELECT (tenant_id, id, address)",
}
FUNCTIONS = {
    "erase_consents(advocate uuid)": """
        UPDATE public.consent_entries e SET personal = NULL, salt = NULL
        WHERE e.tenant_id = (SELECT wall.tenant()) AND e.advocate_id = $1
            AND (e.personal IS NOT NULL OR e.salt IS NOT NULL) AND EXISTS (SELECT FROM public.advocates a
                WHERE a.tenant_id = e.tenant_id AND a.id = e.advocate_id AND a.state = 'erased')
        RETURNING e.id""",
    "erase_history(subject uuid)": """
        UPDATE public.history h SET detail = '{}'
        WHERE h.tenant_id = (SELECT wall.tenant()) AND h.subject_id = $1 AND h.detail <> '{}' AND (
            EXISTS (SELECT FROM public.advocates a
                WHERE a.tenant_id = h.tenant_id AND a.id = h.subject_id AND a.state = 'erased')
            OR EXISTS (SELECT FROM public.suppressions s
                WHERE s.tenant_id = h.tenant_id AND s.id = h.subject_id AND s.address IS NULL))
        RETURNING h.id""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "consent_anchors",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("length > 0", name=op.f("ck_consent_anchors_length_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f("fk_consent_anchors_tenant_id_advocate_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_consent_anchors_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_consent_anchors")),
        sa.UniqueConstraint(
            "tenant_id", "advocate_id", "length", name=op.f("uq_consent_anchors_tenant_id_advocate_id_length")
        ),
    )
    raise_wall("consent_anchors")
    for table, rights in GRANTS.items():
        op.execute(f"GRANT {rights} ON {table} TO {PLATFORM_ROLE}")
    platform_functions(FUNCTIONS, volatility="VOLATILE")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    for table, rights in GRANTS.items():
        op.execute(f"REVOKE {rights} ON {table} FROM {PLATFORM_ROLE}")
    op.drop_table("consent_anchors")
