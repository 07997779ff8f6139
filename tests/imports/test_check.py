"""What the check promises is what the import does."""

from collections.abc import Sequence

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.imports.merging.targets import TARGETS
from portal.imports.models import Import, ImportKind
from portal.imports.values.fields import OF_ACCOUNTS
from tests.imports.files import Importer, csv_of, people_file, person

DEAL = ("Opportunity ID", "Opportunity Name", "Prospect", "Stage", "Close Date")
COMPANY = ("Account Name", "Industry")
USAGE = ("Account Name", "Account ID", "Month", "Licenses", "Active Users", "Features")
SUBSCRIPTION = ("Account Name", "Start Date", "End Date", "ARR", "Reason")
WABTEC = csv_of(COMPANY, ("Wabtec", "Rail"), ("Corvid", "Insurance"))
SEPTEMBER = ("Wabtec", "", "2026-09", "100", "80", "Flow; Ledger")
FIRST_YEAR = ("Wabtec", "2026-01-01", "2026-12-31", "$1,200.00", "New")
DEALS = [("", f"Ledger {n}", "Initech", "Won", "2027-03-31") for n in range(3)]


def promised(importer: Importer, content: bytes) -> dict[str, int]:
    """New, refused, and about what is here or in an earlier line."""
    check = importer.check(importer.upload(content)).check_result or {}
    known = check["existing"] + check["repeated"]
    return {"new": check["importable"] - known, "refused": check["refused"], "known": known}


def found(done: Import) -> dict[str, int]:
    counts = {outcome: int(lines) for outcome, lines in done.counts.items()}
    known = counts.get("unchanged", 0) + counts.get("updated", 0)
    return {"new": counts.get("created", 0), "refused": counts.get("refused", 0), "known": known}


def test_a_file_of_deals_without_ids_checked_again_promises_nothing_new(importer: Importer) -> None:
    importer.import_file(csv_of(DEAL, *DEALS))
    assert promised(importer, csv_of(DEAL, *DEALS)) == {"new": 0, "refused": 0, "known": 3}


FILES: dict[str, Sequence[bytes]] = {
    "deals twice in a file": [csv_of(DEAL, *DEALS, *DEALS)],
    "deals without ids again": [csv_of(DEAL, *DEALS), csv_of(DEAL, *DEALS)],
    "deals that get ids": [csv_of(DEAL, *DEALS), csv_of(DEAL, *(("006" + d[1][-1], *d[1:]) for d in DEALS))],
    "deals that lose their ids": [csv_of(DEAL, ("006A", *DEALS[0][1:])), csv_of(DEAL, *DEALS)],
    "deals of one name": [csv_of(DEAL, DEALS[0], (*DEALS[0][:4], "2028-03-31"), DEALS[0])],
    "a deal with an id and one of its name without": [
        csv_of(DEAL, DEALS[0]),
        csv_of(DEAL, ("006A", *DEALS[0][1:]), DEALS[0]),
    ],
    "companies": [
        csv_of(COMPANY, ("Wabtec", "Rail")),
        csv_of(COMPANY, ("WABTEC ", ""), ("Corvid", "Insurance"), ("Corvid", "")),
    ],
    "people": [
        people_file(person()),
        people_file(person(), person("no"), person("jo@x.example", Contact_ID="")),
    ],
    "people by their ids": [people_file(person()), people_file(person("ada@new.example"))],
    "usage by days, of accounts that are here and of others": [
        WABTEC,
        csv_of(USAGE, SEPTEMBER),
        csv_of(
            USAGE,
            ("Wabtec", "", "2026-09-14", "90", "70", ""),
            ("WABTEC.", "", "2026-09-15", "95", "85", ""),
            ("Corvid", "", "2026-09-15", "5", "", ""),
            ("Nobody Knows", "", "2026-09-15", "5", "", ""),
        ),
    ],
    "subscriptions that follow each other, and some that overlap": [
        WABTEC,
        csv_of(SUBSCRIPTION, FIRST_YEAR, ("Corvid", "2026-01-01", "", "500", "")),
        csv_of(
            SUBSCRIPTION,
            ("Wabtec", "2026-01-01", "2026-06-30", "1200", "Shortened"),
            ("Wabtec", "2026-07-01", "2027-06-30", "1500", "Expansion"),
            ("Wabtec", "2027-06-30", "2028-06-30", "1500", "Overlaps by a day"),
            ("Wabtec", "2029-06-30", "2029-06-01", "1500", "Ends before it starts"),
            ("Corvid", "2027-01-01", "2027-12-31", "600", "The first has no end"),
            ("Nobody Knows", "2027-01-01", "2027-12-31", "600", ""),
        ),
    ],
    "an id that stands twice": [
        people_file(person()),
        people_file(person("ada@new.example"), person("ada@other.example")),
    ],
}


@pytest.mark.parametrize("name", FILES)
def test_the_check_counts_as_the_import_does(name: str, importer: Importer) -> None:
    *earlier, last = FILES[name]
    for content in earlier:
        importer.import_file(content)
    assert promised(importer, last) == found(importer.import_file(last))


NAMES = st.text(st.characters(exclude_characters="\x00\x1f", exclude_categories=["Cs"]), max_size=3)
KEYS = {
    ImportKind.ACCOUNTS: "name_norm",
    ImportKind.PEOPLE: "email_norm",
    ImportKind.DEALS: "coalesce('id ' || external_id, 'name ' || prospect_norm || chr(31) || name_norm)",
    **dict.fromkeys(OF_ACCOUNTS, "NULL::text"),  # by their account, which the merge finds
}


@pytest.mark.parametrize("kind", ImportKind)
def test_who_is_the_same_is_one_rule_for_postgres_and_for_us(
    kind: ImportKind, superuser: psycopg.Connection
) -> None:
    target = TARGETS[kind]
    assert target.key_sql == KEYS[kind]
    cells = sorted({cell for identity in target.identities for cell in identity.cells})
    columns = ", ".join(f"nullif(%s::text, '') AS {cell}" for cell in cells)
    statement = f"SELECT {target.key_sql} FROM (SELECT {columns}) line"

    @settings(max_examples=30, deadline=None)
    @given(st.lists(NAMES, min_size=len(cells), max_size=len(cells)))
    def alike(values: list[str]) -> None:
        row = superuser.execute(statement, values).fetchone()
        assert row == (target.key_of(dict(zip(cells, values, strict=True))),)

    alike()
