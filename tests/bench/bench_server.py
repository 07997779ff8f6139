"""A server of PostgreSQL for a bench: thrown away afterwards, or kept with its rows in a folder for the next run."""

import atexit
import tempfile
from pathlib import Path

from portal.cli import upgrade_database
from portal.demo import embedded
from portal.demo.servers import THROWAWAY_OPTIONS, start_postgres
from portal.settings import Settings

PASSWORDS = {embedded.OWNER: "o" * 32, embedded.APP: "a" * 32}


def bench_server(kept: Path | None = None) -> tuple[str, Settings]:
    """Return the address of its superuser and settings that lead to it. The schema is today's, of kept rows as well."""
    postgres = _kept(kept) if kept else embedded.throwaway_postgres(Path(tempfile.mkdtemp()))
    embedded.make_roles(postgres, PASSWORDS)
    embedded.make_database(postgres)
    settings = Settings(
        database_url=embedded.url_for_role(postgres, embedded.APP, PASSWORDS[embedded.APP]),
        database_owner_url=embedded.url_for_role(postgres, embedded.OWNER, PASSWORDS[embedded.OWNER]),
        wall_key="k" * 40,
        secret_key="s" * 40,
        data_key="d" * 40,
        redis_url="redis://127.0.0.1:9/0",
        public_url="http://localhost",
        goodword_env="development",
    )
    upgrade_database(settings)
    return postgres.rsplit("/", 1)[0] + "/" + settings.database_url.rsplit("/", 1)[1], settings


def _kept(folder: Path) -> str:
    password, log = embedded.secret(folder / "secrets", "postgres"), folder / "postgres.log"
    server = start_postgres(folder / "pg", password=password, log=log, options=THROWAWAY_OPTIONS)
    atexit.register(server.child.stop)
    return server.url
