"""A survey is for an audience as segments write it, no longer for filters of a list; campaigns name their draw.

On the way down what filters can say is kept; anything else can't be told by them, so such a draft is for nobody there.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0052"
down_revision = "0051"
FILTERS = {
    "product": ("person.products", "any_of"),
    "region": ("account.region", "any_of"),
    "industry": ("account.industry", "any_of"),
    "q": ("person.name", "contains"),
}
NOBODY = "a name that nobody has"
ROWS = " || ".join(
    f"""CASE WHEN coalesce(audience->>'{name}', '') = '' THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
        'attribute', '{attribute}', 'operator', '{operator}', 'values', jsonb_build_array(audience->>'{name}'))) END"""
    for name, (attribute, operator) in FILTERS.items()
)
TO_AUDIENCES = f"""
    UPDATE surveys SET audience = jsonb_build_object('conditions', jsonb_build_object('join', 'all', 'rows', {ROWS}))
    WHERE NOT audience ? 'conditions'"""
NAMES = " ".join(f"WHEN '{attribute}' THEN '{name}'" for name, (attribute, _operator) in FILTERS.items())
LISTED = ", ".join(f"'{attribute}:{operator}'" for attribute, operator in FILTERS.values())
CAN_BE_TOLD = f"""
    NOT audience ? 'segment' AND NOT audience ? 'people' AND NOT audience->'conditions' ? 'but'
    AND NOT audience->'conditions' ? 'faults' AND audience->'conditions'->>'join' = 'all'
    AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(audience->'conditions'->'rows') one
        WHERE one ? 'group' OR jsonb_array_length(one->'values') <> 1
        OR (one->>'attribute') || ':' || (one->>'operator') NOT IN ({LISTED}))
    AND (SELECT count(*) = count(DISTINCT one->>'attribute')
        FROM jsonb_array_elements(audience->'conditions'->'rows') one)"""
TO_FILTERS = f"""
    UPDATE surveys SET audience = CASE WHEN {CAN_BE_TOLD} THEN (
        SELECT coalesce(jsonb_object_agg(CASE one->>'attribute' {NAMES} END, one->'values'->>0), '{{}}'::jsonb)
        FROM jsonb_array_elements(audience->'conditions'->'rows') one)
    ELSE jsonb_build_object('q', '{NOBODY}') END
    WHERE audience ? 'conditions'"""


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column("campaigns", sa.Column("draw_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_campaigns_tenant_id_draw_id"),
        "campaigns",
        "segment_draws",
        ["tenant_id", "draw_id"],
        ["tenant_id", "id"],
    )
    with without_forced_wall("surveys"):
        op.execute(TO_AUDIENCES)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("surveys"):
        op.execute(TO_FILTERS)
    op.drop_constraint(op.f("fk_campaigns_tenant_id_draw_id"), "campaigns", type_="foreignkey")
    op.drop_column("campaigns", "draw_id")
