"""The customer's own files, when they are there."""

from pathlib import Path

from sqlalchemy import func, select

from portal.accounts.models import Account, Deal
from portal.advocates.models import Advocate
from portal.imports.models import ImportState, LineOutcome
from tests.imports.files import Importer
from tests.world import World

FILES = ("accounts-sp500.csv", "contacts-salesforce.csv", "opportunities-salesforce.csv")


def test_the_real_files_come_in_whole_and_the_second_time_change_nothing(
    importer: Importer, acme: World, shared: Path
) -> None:
    files = [(shared / "data" / name).read_bytes() for name in FILES]
    accounts, people, deals = first = [importer.import_file(content) for content in files]
    assert [this.state for this in first] == [ImportState.DONE] * 3, [this.failure for this in first]
    assert (accounts.counts["created"], deals.counts["created"]) == (503, 400)
    assert people.counts["created"] + people.counts["unchanged"] + people.counts["refused"] == 2026
    assert (people.counts["refused"], people.counts["skipped"]) == (22, 2)

    with acme.session() as session:
        counts = [
            session.scalar(select(func.count()).select_from(table)) for table in (Account, Advocate, Deal)
        ]
        wabtec = session.scalars(select(Account).where(Account.name_norm == "wabtec")).one()
    assert counts == [503, people.counts["created"], 400]
    assert (wabtec.region, wabtec.arr_cents, wabtec.currency) == ("NA", 2332704, "USD")

    again = [importer.import_file(content) for content in files]
    assert all(
        LineOutcome.CREATED not in this.counts and LineOutcome.UPDATED not in this.counts for this in again
    )
    assert again[1].counts["unchanged"] == people.counts["created"] + people.counts["unchanged"]
