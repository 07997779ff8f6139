"""`make shell`: Python with a session for one workspace of the running demo. `WRITE=1` may change its rows."""

import argparse
import code
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import schema
from portal.bootstrap import check_startup, connect_services
from portal.demo.instance_lock import ROOT
from portal.settings import Settings
from tenants.base import Base
from tenants.database import roll_back, system_session, tenant, tenant_session
from tenants.models import Tenant

BANNER = """{name} (/{slug}/), {mode}. `session` sees this workspace alone.
Also here: `workspace`, `select`, `schema` and every model by its name, as in
  session.scalars(select(Advocate).limit(3)).all()
Ctrl-D ends."""


def main() -> None:
    given = _arguments()
    settings = Settings.from_env(environment(given.settings))
    connect_services(settings)
    check_startup(settings)
    found = find_workspace(given.workspace)
    with tenant_session(found.id, read_only=not given.write) as session:
        mode = "changes can be kept at the end" if given.write else "read-only"
        banner = BANNER.format(name=found.name, slug=found.slug, mode=mode)
        code.interact(banner=banner, local=names(session), exitmsg="")
        if given.write and input("Keep the changes? [y/N] ").strip().lower() != "y":
            roll_back(session)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make shell", description=__doc__)
    parser.add_argument("--workspace", default="", help="its slug; not needed where there is only one")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--settings", type=Path, default=ROOT / "instance" / "settings.env")
    return parser.parse_args()


def environment(file: Path) -> Mapping[str, str]:
    if "DATABASE_URL" in os.environ:
        return os.environ
    if not file.exists():
        sys.exit("There are no settings yet. Start `make dev` or `make demo` first.")
    lines = (line.partition("=") for line in file.read_text().splitlines())
    return {name: shlex.split(value)[0] for name, _, value in lines if value}


def find_workspace(slug: str) -> Tenant:
    try:
        with system_session(read_only=True) as session:
            every = session.scalars(select(Tenant).order_by(Tenant.slug)).all()
    except OperationalError:
        sys.exit("The database does not answer. Start `make dev` or `make demo` first.")
    found = [one for one in every if one.slug == slug or not slug]
    if len(found) != 1:
        sys.exit(f"Say which workspace: make shell WORKSPACE={'|'.join(one.slug for one in every)}")
    return found[0]


def names(session: Session) -> dict[str, Any]:
    models = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    return {**models, "session": session, "workspace": tenant(session), "select": select, "schema": schema}


if __name__ == "__main__":
    main()
