"""100,000 people through the importer, as a worker does it: `python -m tests.bench.import_people`. JSON lines, medians.

Beside it, in the same run: SQLAlchemy's add_all of the same cleaned people into the same walled table, and a bare
COPY of the same file, as the superuser, into a table without wall, keys to others or checks.
"""

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import func, insert, select
from uuid_utils.compat import uuid7

from jobs import imports as job
from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.app import create_app
from portal.cli import upgrade_database
from portal.demo import embedded, sample
from portal.imports import actions, queries
from portal.imports.models import ImportState
from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants.models import Role
from tests.world import World

PEOPLE, COMPANIES, RUNS = 100_000, 1_500, 3
LEAST = {"import_vs_add_all": 3.0, "import_vs_copy": 0.08}
COPIED = {"id", "created_at", "tenant_id", "version", "account_id", "email_domain"}  # not handed to add_all
COMPUTED = {  # nor to anybody
    column.name for model in (Account, Advocate) for column in model.__table__.columns if column.computed
}


class Bench:
    def __init__(self, app: Portal, superuser: str) -> None:
        self.app, self.superuser = app, superuser
        self.file = sample.people_report(PEOPLE, COMPANIES, date(2026, 11, 24))
        self.lines = self.file.count(b"\n") - 3  # without the header and the report's end
        self.last = World.build(app, "First")

    def take_in(self) -> float:
        """Staging, validation, merge and outcomes, from the start of the job to its last commit."""
        self.last = world = World.build(self.app, "Import")
        manager = world.member(Role.MANAGER)
        with world.session() as session:
            this = actions.upload(session, "people.csv", io.BytesIO(self.file), by=manager)
        job.process_import(world.tenant_id, this.id)
        with world.session() as session:
            actions.start(session, queries.get(session, this.id), by=manager)
        return timed(lambda: self._do(world, this.id))

    def _do(self, world: World, import_id: UUID) -> None:
        job.process_import(world.tenant_id, import_id)
        with world.session() as session:
            done = queries.get(session, import_id)
        assert done.state == ImportState.DONE, done.failure
        assert done.counts["created"] > PEOPLE * 0.95, done.counts

    def add_all(self) -> float:
        """The people the last import made, as new objects of another workspace, in one unit of work."""
        people, companies = self._cleaned()
        world = World.build(self.app, "AddAll")
        with world.session() as session:
            session.execute(insert(Account), [{**row, "tenant_id": world.tenant_id} for row in companies])
        return timed(lambda: self._add_all(world, people))

    def _add_all(self, world: World, people: Sequence[dict[str, Any]]) -> None:
        with world.session() as session:
            session.add_all(Advocate(**row) for row in people)
        with world.session() as session:
            assert session.scalar(select(func.count()).select_from(Advocate)) == len(people)

    def _cleaned(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        with self.last.session() as session:
            ids = {old: uuid7() for old in session.scalars(select(Account.id))}
            accounts = session.execute(select(Account.__table__)).mappings().all()
            people = session.execute(select(Advocate.__table__)).mappings().all()
        companies = [{**_written(row), "id": ids[row["id"]], "owner_id": None} for row in accounts]
        return [_as_new(row, ids) for row in people], companies

    def copy(self) -> float:
        columns = ", ".join(f'"{name}" text' for name in sample.PEOPLE_COLUMNS)
        with psycopg.connect(self.superuser) as connection:
            connection.execute(
                f"CREATE TABLE bare (tenant_id uuid DEFAULT '{self.last.tenant_id}', "
                f"id bigint GENERATED ALWAYS AS IDENTITY, {columns}, PRIMARY KEY (tenant_id, id))"
            )
            connection.execute('CREATE INDEX ON bare (tenant_id, "Email")')
            connection.commit()
            seconds = timed(lambda: self._copy(connection))
            connection.execute("DROP TABLE bare")
        return seconds

    def _copy(self, connection: psycopg.Connection) -> None:
        columns = ", ".join(f'"{name}"' for name in sample.PEOPLE_COLUMNS)
        table = b"".join(line for line in io.BytesIO(self.file) if line.count(b",") > 10)
        with connection.cursor().copy(f"COPY bare ({columns}) FROM STDIN CSV HEADER") as copy:
            copy.write(table)
        connection.commit()


def _written(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in COMPUTED}


def _as_new(row: Any, ids: dict[UUID, UUID]) -> dict[str, Any]:
    kept = {name: value for name, value in _written(row).items() if name not in COPIED}
    return {**kept, "account_id": ids.get(row["account_id"])}


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def built(folder: Path) -> Bench:
    superuser = embedded.throwaway_postgres(folder)
    passwords = {embedded.OWNER: "o" * 32, embedded.APP: "a" * 32}
    embedded.make_roles(superuser, passwords)
    embedded.make_database(superuser)
    urls = [
        embedded.url_for_role(superuser, role, passwords[role]) for role in (embedded.APP, embedded.OWNER)
    ]
    settings = Settings(
        database_url=urls[0],
        database_owner_url=urls[1],
        wall_key="k" * 40,
        secret_key="s" * 40,
        data_key="d" * 40,
        redis_url="redis://127.0.0.1:9/0",
        public_url="http://localhost",
        goodword_env="development",
    )
    upgrade_database(settings)
    return Bench(create_app(settings), superuser.rsplit("/", 1)[0] + f"/{embedded.DATABASE}")


def measured(bench: Bench) -> Iterator[dict[str, object]]:
    """Interleaved, so that a busy machine is busy for all; add_all is too slow for more than one turn."""
    rounds = [(bench.take_in(), bench.copy()) for _ in range(RUNS)]
    taken, copied = (statistics.median(column) for column in zip(*rounds, strict=True))
    yield compared("import_vs_add_all", bench.lines / taken, bench.lines / bench.add_all())
    yield compared("import_vs_copy", bench.lines / taken, bench.lines / copied)


def compared(name: str, value: float, against: float) -> dict[str, object]:
    ratio = round(value / against, 3)
    return {"name": name, "value": round(value), "unit": "rows/s", "ratio": ratio, "against": round(against)}


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lines = list(measured(built(Path(folder))))
    for line in lines:
        sys.stdout.write(json.dumps(line) + "\n")
    short = [line for line in lines if float(str(line["ratio"])) < LEAST[str(line["name"])]]
    sys.exit(f"Slower than promised: {short}" if short else 0)


if __name__ == "__main__":
    main()
