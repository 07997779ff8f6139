"""One button signs in as a role, in the embedded demo and nowhere else."""

import subprocess
import sys
from dataclasses import asdict, replace

import pytest
from sqlalchemy import func, select

from portal.app import create_app
from portal.demo import people
from portal.demo.instance_lock import ROOT
from portal.demo.pages import extra_pages
from portal.settings import Settings
from portal.signin import memberships
from portal.web.dispatch import Portal
from tenants.database import database, enter_tenant, system_session
from tenants.models import SignInSession
from tests.client import Client, new_client


def app_of(settings: Settings) -> Portal:
    """Another web process of the same database; the connections of this one stay in use."""
    kept = database.engine
    made = create_app(settings, extra_pages(settings))
    database.engine.dispose()
    database.engine = kept
    return made


@pytest.fixture
def in_the_demo(app: Portal, settings: Settings) -> Portal:
    demo = app_of(replace(settings, goodword_env="demo"))
    demo.testing = True
    with system_session() as session:
        enter_tenant(session, people.make_workspace(session).id)
        if memberships.by_email(session, people.ADMIN.email) is None:
            people.add_members(session)
    return demo


def addresses(app: Portal) -> list[str]:
    return [rule.rule for rule in app.url_map.iter_rules()]


START = """
import sys, wsgi
print(*(rule.rule for rule in wsgi.app.url_map.iter_rules()), *sys.modules, sep="\\n")
"""


def test_production_starts_without_mailbox_clock_demo_sign_in_and_the_code_of_the_demo(
    settings: Settings,
) -> None:
    mail = {"mail_url": "smtp://localhost", "mail_from": "goodword@acme.example"}
    production = asdict(replace(settings, goodword_env="production", **mail))
    env = {name.upper(): value for name, value in production.items()}
    command = [sys.executable, "-c", START]
    started = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
    lines = started.splitlines()
    assert "/sign-in" in lines
    assert not [one for one in lines if one.startswith(("/mailbox", "/demo", "portal.demo"))]


def test_development_has_a_mailbox_but_no_demo_sign_in(app: Portal, client: Client) -> None:
    assert "/mailbox" in addresses(app)
    assert not [address for address in addresses(app) if address.startswith("/demo")]
    assert client.get("/demo/sign-in/manager", outside=True).status_code == 404


def test_a_role_signs_in_any_number_of_times(in_the_demo: Portal) -> None:
    visitor = new_client(in_the_demo)
    for role, name in (("manager", "Dana Okafor"), ("admin", "Ines Albrecht"), ("manager", "Dana Okafor")):
        assert f"Explore as {name}" in visitor.get(f"/demo/sign-in/{role}", outside=True).text
        assert visitor.post(f"/demo/sign-in/{role}", outside=True).location == "/ledgerworks/"
    assert visitor.get("/ledgerworks/settings", outside=True).status_code == 403
    visitor.post("/demo/sign-in/admin", outside=True)
    assert visitor.get("/ledgerworks/settings", outside=True).status_code == 200


def test_looking_at_the_page_of_a_role_signs_nobody_in(in_the_demo: Portal) -> None:
    def sessions() -> int:
        with system_session(read_only=True) as session:
            return session.scalar(select(func.count()).select_from(SignInSession)) or 0

    before = sessions()
    visitor = new_client(in_the_demo)
    visitor.get("/demo/sign-in/rep", outside=True)
    assert sessions() == before
    assert visitor.get("/workspaces", outside=True).location.startswith("/sign-in")


def test_a_role_that_does_not_exist_has_no_sign_in(in_the_demo: Portal) -> None:
    assert new_client(in_the_demo).get("/demo/sign-in/superuser", outside=True).status_code == 404
