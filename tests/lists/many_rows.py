"""A workspace whose every list has a few pages: copies of one row each, some of them alike in what lists sort by."""

from uuid import UUID

import psycopg

from portal.schema import metadata
from tests.rules.filled_workspace import fill
from tests.world import World

COPIES = 60
ONE_OF = "SELECT o.id FROM {} o WHERE o.tenant_id = t.tenant_id ORDER BY o.name OFFSET mod(n, 7) LIMIT 1"
CHANGED = {  # table -> what differs between two of its rows; every third is like the one before
    "accounts": {
        "name": "t.name || n",
        "name_norm": "t.name_norm || n",
        "arr_cents": "CASE WHEN mod(n, 4) > 0 THEN n / 3 * 100 END",
        "employees": "CASE WHEN mod(n, 5) > 0 THEN n / 3 END",
        "customer_since": "CASE WHEN mod(n, 4) > 0 THEN current_date - n / 3 END",
        "renewal_on": "CASE WHEN mod(n, 4) > 0 THEN current_date + n / 3 END",
        "health": "(ARRAY['green', 'yellow', 'red', 'unknown'])[mod(n, 4) + 1]",
        "owner_email_norm": "CASE WHEN mod(n, 3) > 0 THEN 'owner' || n / 9 || '@x.example' ELSE '' END",
    },
    "advocates": {
        "email": "t.email || n",
        "email_norm": "t.email_norm || n",
        "name_sort": "t.name_sort || n / 3",
        "state": "(ARRAY['candidate', 'invited', 'enrolled', 'pending', 'paused', 'refused'])[mod(n, 6) + 1]",
        "invited_at": "NULL",
        "paused_at": "CASE WHEN mod(n, 6) = 4 THEN now() END",
        "last_ask_at": "CASE WHEN mod(n, 4) > 0 THEN now() - (200 + n / 3) * interval '1 day' END",
        "last_act_at": "CASE WHEN mod(n, 4) > 0 THEN now() - (100 + n / 3) * interval '1 day' END",
        "available_from": "CASE WHEN mod(n, 4) > 0 THEN current_date + n / 3 END",
        "account_id": "CASE WHEN mod(n, 5) > 0 THEN (" + ONE_OF.format("accounts") + ") END",
        "membership_id": "NULL",
    },
    "deals": {
        "name": "t.name || n",
        "name_norm": "t.name_norm || n",
        "external_id": "t.external_id || n",
        "amount_cents": "CASE WHEN mod(n, 4) > 0 THEN n / 3 * 100 END",
        "close_on": "CASE WHEN mod(n, 4) > 0 THEN current_date + n / 3 END",
        "stage": "'Stage ' || mod(n, 3)",
    },
    "reference_requests": {
        "number": "t.number + 1000 + n",
        "state": "(ARRAY['submitted', 'matching', 'asked', 'scheduled', 'withdrawn'])[mod(n, 5) + 1]",
        "due_at": "now() + n / 3 * interval '1 hour'",
        "deal_id": "CASE WHEN mod(n, 3) > 0 THEN (" + ONE_OF.format("deals") + ") END",
    },
    "emails": {"occasion": "t.occasion || n", "recipient_norm": "t.recipient_norm || n / 3"},
    "suppressions": {
        "address_hash": "t.address_hash || n",
        "address": "CASE WHEN mod(n, 3) > 0 THEN 'x' || n / 6 || '@x.example' END",
        "lifted_at": "CASE WHEN mod(n, 3) = 0 THEN now() END",
    },
    "sequences": {"name": "t.name || n"},
    "imports": {"file_name": "'file' || n / 3 || '.csv'"},
    "surveys": {"title": "'Survey ' || n / 3"},
    "segments": {
        "name": "'Segment ' || n / 3",
        "name_sort": "'segment ' || n / 3",
        "people_count": "n / 3",
        "sharing": "(ARRAY['owner', 'managers'])[mod(n, 2) + 1]",
    },
}


def fill_lists(superuser: psycopg.Connection, world: World) -> UUID:
    """Return the manager's id. Written over the wall, as many rows of each table as a list needs for three pages."""
    rows = fill(world, world.slug)
    for table, changes in CHANGED.items():
        columns = [column.name for column in metadata.tables[table].columns if column.computed is None]
        changed = {"id": "gen_random_uuid()"} | changes
        values = ", ".join(changed.get(name, f't."{name}"') for name in columns)
        superuser.execute(
            f"""INSERT INTO {table} ("{'", "'.join(columns)}")
                SELECT {values} FROM {table} t, generate_series(1, {COPIES}) n
                WHERE t.id = (SELECT id FROM {table} WHERE tenant_id = %s ORDER BY id LIMIT 1)""",
            (world.tenant_id,),
        )
    superuser.execute("DELETE FROM list_summaries WHERE tenant_id = %s", (world.tenant_id,))  # of fewer rows
    superuser.commit()
    return UUID(rows["manager"])
