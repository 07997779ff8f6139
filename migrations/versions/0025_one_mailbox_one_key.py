"""Addresses are compared by the key a mailbox has by UTS 46; where two rows turn out to be one, a person is told.

The rule is written out here, as it was then. Nothing is merged: the second row keeps its old key and is listed.
Suppressions stay as they are, because a hash cannot be read; whoever looks there asks for both forms.
"""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import idna
import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import raise_wall, without_forced_wall

revision = "0025"
down_revision = "0024"
PLACES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (  # table, text, key, unique together with
    ("users", "email", "email_norm", ()),
    ("advocates", "email", "email_norm", ("tenant_id",)),
    ("join_requests", "email", "email_norm", ("tenant_id", "id")),
    ("letters", "recipient", "recipient_norm", ("tenant_id", "occasion")),
    ("sequence_runs", "recipient", "recipient_norm", ("tenant_id", "sequence_id", "about_id")),
    ("accounts", "owner_email", "owner_email_norm", ("tenant_id", "id")),
    ("deals", "rep_email", "rep_email_norm", ("tenant_id", "id")),
    ("mailbox", "recipient", "recipient_norm", ("id",)),
    ("sign_in_requests", "email_norm", "email_norm", ("id",)),
)
GLOBAL = {"users", "mailbox", "sign_in_requests"}
WALLED = ("memberships", "imports", "import_rows", *(table for table, *_ in PLACES if table not in GLOBAL))
ODD = "(octet_length({0}) <> char_length({0}) OR {0} LIKE '%.')"  # all others have the same key as before
SAME_AS_USERS = f"""
    UPDATE memberships SET email_norm = users.email_norm FROM users
    WHERE users.id = memberships.user_id AND memberships.email_norm <> users.email_norm
    AND {ODD.format("memberships.email")}"""
STAGED = """
    SELECT r.tenant_id, r.id, r.cells FROM import_rows r
    JOIN imports i ON i.tenant_id = r.tenant_id AND i.id = r.import_id
    WHERE i.state IN ('staging', 'merging') AND r.outcome IS NULL AND array_to_string(r.cells, ' ') LIKE '%@%'"""
COLLIDING_PEOPLE = """
    INSERT INTO address_collisions (tenant_id, id, subject_type, subject_id, other_id, created_at)
    SELECT later.tenant_id, gen_random_uuid(), 'memberships', later.id, first.id, now() FROM memberships later
    LEFT JOIN memberships first ON first.tenant_id = later.tenant_id AND first.user_id = :first
    WHERE later.user_id = :later AND later.ended_at IS NULL"""
COLLIDING_ADVOCATES = """
    INSERT INTO address_collisions (tenant_id, id, subject_type, subject_id, other_id, created_at)
    SELECT later.tenant_id, :id, 'advocates', later.id, first.id, now() FROM advocates later
    JOIN advocates first ON first.tenant_id = later.tenant_id AND first.id = :first WHERE later.id = :later"""


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with lifted():
        make_address_collisions()
        found = {place[0]: list(renamed(place, ODD.format(place[2]), today)) for place in PLACES}
        op.execute(SAME_AS_USERS)
        rename_staged()
        for later, first in found["users"]:
            run(COLLIDING_PEOPLE, later=later, first=first)
        for later, first in found["advocates"]:
            run(COLLIDING_ADVOCATES, id=uuid4(), later=later, first=first)
    raise_wall("address_collisions")


def downgrade() -> None:
    """What had another key before gets it back, where it is still free."""
    op.execute("SET lock_timeout = '5s'")
    with lifted():
        for place in PLACES:
            list(renamed(place, ODD.format(place[1]), before))
        op.execute(SAME_AS_USERS)
    op.drop_table("address_collisions")


def lifted() -> ExitStack:
    stack = ExitStack()
    for table in WALLED:
        stack.enter_context(without_forced_wall(table))
    return stack


def make_address_collisions() -> None:
    op.create_table(
        "address_collisions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject_type",
            sa.Enum(
                "advocates",
                "memberships",
                name="addressee",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "settled_by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_address_collisions_tenant_id_settled_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_address_collisions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_address_collisions")),
    )
    op.create_index(
        "ix_address_collisions_open",
        "address_collisions",
        ["tenant_id", "id"],
        postgresql_where="settled_at IS NULL",
    )


def renamed(
    place: tuple[str, str, str, tuple[str, ...]], which: str, key: Callable[[str, str], str]
) -> Iterator[tuple[Any, Any]]:
    """Each row that may gets its key, the oldest first. Those that may not, each with the row that has it."""
    table, text, norm, together = place
    columns = ", ".join(dict.fromkeys(("id", text, norm, *together)))
    same = " AND ".join([f"{norm} = :wanted", *(f"{column} = :{column}" for column in together)])
    asked = f"SELECT {columns} FROM {table} WHERE {which} ORDER BY created_at, id"
    for row in op.get_bind().execute(sa.text(asked)).mappings().all():
        wanted = key(row[text], row[norm])
        if wanted == row[norm]:
            continue
        values = {"wanted": wanted} | {column: row[column] for column in together}
        holder = run(f"SELECT id FROM {table} WHERE {same}", **values).scalar()
        if holder is not None and holder != row["id"]:
            yield row["id"], holder
            continue
        mine = " AND ".join(["id = :id", *(f"{column} = :{column}" for column in together if column != "id")])
        run(f"UPDATE {table} SET {norm} = :wanted WHERE {mine}", **values | {"id": row["id"]})


def rename_staged() -> None:
    """Lines of an import that a worker goes on with: an address and its key stand side by side."""
    for row in run(STAGED).mappings().all():
        before, cells = ["", *row["cells"]], row["cells"]
        pairs = zip(before, cells, strict=False)
        keyed = [
            today(text, norm) if "@" in norm and norm == text.strip().lower() else norm
            for text, norm in pairs
        ]
        if keyed != cells:
            where = {"tenant_id": row["tenant_id"], "id": row["id"]}
            run(
                "UPDATE import_rows SET cells = :keyed WHERE tenant_id = :tenant_id AND id = :id",
                keyed=keyed,
                **where,
            )


def run(statement: str, **values: Any) -> sa.CursorResult[Any]:
    return op.get_bind().execute(sa.text(statement), values)


def today(text: str, norm: str) -> str:
    """From what was written, where the key was made of that; else from the key itself."""
    return key_of(text if text.strip().lower() == norm else norm)


def before(text: str, norm: str) -> str:
    return text.strip().lower() if key_of(text) == norm else norm


def key_of(text: str) -> str:
    spec = text.strip()
    if spec.isascii():
        return spec.lower().removesuffix(".")
    user, at, domain = spec.rpartition("@")
    return f"{folded(user)}{at}{domain_key(domain)}" if at else folded(spec)


def domain_key(domain: str) -> str:
    bare = domain[:-1] if domain[-1:] and domain[-1] in ".。．｡" else domain
    if bare.isascii() and "xn--" not in bare.lower():
        return bare.lower()
    try:
        return idna.encode(bare, uts46=True).decode().lower()
    except UnicodeError:
        return folded(domain)


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
