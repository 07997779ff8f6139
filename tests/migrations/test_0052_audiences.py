"""What filters of surveys and sequences said, conditions say afterwards, and filters again on the way down."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from alembic import command
from psycopg.types.json import Jsonb

from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.declarations.attributes import Operator
from portal.demo import embedded
from portal.segments.audience import Audience
from portal.segments.conditions import Condition, Conditions
from portal.settings import Settings
from tests.migrations.conftest import begin_at
from tests.migrations.test_0025_mailbox_keys import Old

BEFORE = "0051"
FILTERS = {"region": "EMEA", "product": "Ledger Pro", "industry": ""}
SAID = Conditions(
    (
        Condition("person.products", Operator.ANY_OF, ("Ledger Pro",)),
        Condition("account.region", Operator.ANY_OF, ("EMEA",)),
    )
)
NAMED = Conditions((Condition("person.name", Operator.CONTAINS, ("corv",)),))


@pytest.fixture
def spare(postgres: str, settings: Settings) -> Iterator[Settings]:
    embedded.make_database(postgres, "audiences")
    urls = (settings.database_url, settings.database_owner_url)
    served, owned = (f"{url.rsplit('/', 1)[0]}/audiences" for url in urls)
    yield replace(settings, database_url=served, database_owner_url=owned)
    embedded.drop_database(postgres, "audiences")


def test_filters_become_conditions_and_come_back(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres, BEFORE)
    with psycopg.connect(f"{postgres.rsplit('/', 1)[0]}/audiences", autocommit=True) as connection:
        connection.prepare_threshold = None
        old = Old(connection)
        survey = {"tenant_id": old.one, "state": "draft", "kind": "score", "answer_days": 14}
        by_filters, by_name, of_all = (
            old.row("surveys", **survey, audience=Jsonb(said), version=1)
            for said in (FILTERS, {"q": "corv"}, {})
        )
        own = {"tenant_id": old.one, "program": "own", "state": "draft", "name": "May"}
        sequence = old.row("sequences", **own, audience=Jsonb(FILTERS))

        def told(table: str, row: Any) -> Any:
            return old.keys(table, row, column="audience")[0]

        upgrade_database(spare)
        assert told("surveys", by_filters) == Audience(SAID).to_json()
        assert told("surveys", by_name) == Audience(NAMED).to_json()
        assert told("surveys", of_all) == Audience().to_json()
        assert told("sequences", sequence) == Audience(SAID).to_json()
        beyond = Audience(Conditions((Condition("account.health", Operator.ANY_OF, ("red",)),)))
        connection.execute(
            "UPDATE surveys SET audience = %s WHERE id = %s", (Jsonb(beyond.to_json()), by_name)
        )
        with owner_connection(spare) as owner:
            command.downgrade(alembic_config(owner), BEFORE)
        assert told("surveys", by_filters) == {"region": "EMEA", "product": "Ledger Pro"}
        assert told("surveys", of_all) == {}
        assert told("surveys", by_name) == {"q": "a name that nobody has"}
        assert told("sequences", sequence) == {"region": "EMEA", "product": "Ledger Pro"}
    upgrade_database(spare)
