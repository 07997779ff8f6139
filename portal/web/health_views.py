"""For load balancers and monitors: is the process alive, and is everything it needs there?"""

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.gateways.queue import JobQueue
from portal.web.access import public
from tenants.database import database
from tenants.wall import WallIsDown, check_wall

MIGRATIONS = Path(__file__).parents[2] / "migrations"
OK = "ok"

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return jsonify(process=OK)


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Answer 503 when a page could not be served. Redis away stops no page, and it says so."""
    found = _database() | {"redis": _redis(current_app.config["SETTINGS"].redis_url)}
    is_ready = all(words == OK for name, words in found.items() if name != "redis")
    return jsonify(ready=is_ready, **found), 200 if is_ready else 503


def _database() -> dict[str, str]:
    try:
        with database.engine.connect() as connection:
            check_wall(connection, database.signer)
            here = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except WallIsDown as refusal:
        return {"database": OK, "wall": str(refusal)}
    except SQLAlchemyError as away:
        return {"database": f"away: {type(away).__name__}"}
    return {
        "database": OK,
        "wall": OK,
        "migrations": OK if here == expected_revision() else f"at {here}, not {expected_revision()}",
    }


def _redis(url: str) -> str:
    return OK if _queue(url).is_available() else "away: jobs and emails wait, pages do not"


@lru_cache(maxsize=1)
def _queue(url: str) -> JobQueue:
    return JobQueue(url)


@lru_cache(maxsize=1)
def expected_revision() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()
