"""Many people at once, written over the wall: one person, again and again under other names."""

from uuid import UUID

import psycopg

from portal.advocates.models import Advocate
from tests.world import World

CHANGED = {
    "id": "gen_random_uuid()",
    "email": "t.email || n",
    "email_norm": "t.email_norm || n",
    "name_sort": "t.name_sort || lpad(n::text, 6, '0')",
}


def add_people(superuser: psycopg.Connection, world: World, people: int) -> None:
    """So many people of one company, all enrolled."""
    first: UUID = world.advocate(title='VP IT, +49 (0)30; "Bahn"').id
    names = [column.name for column in Advocate.__table__.columns if column.computed is None]
    values = ", ".join(CHANGED.get(name, f't."{name}"') for name in names)
    superuser.execute(
        f"""INSERT INTO advocates ("{'", "'.join(names)}")
            SELECT {values} FROM advocates t, generate_series(2, {people}) n WHERE t.id = %s""",
        (first,),
    )
    superuser.commit()
    superuser.autocommit = True
    superuser.execute("ANALYZE advocates")
    superuser.autocommit = False
