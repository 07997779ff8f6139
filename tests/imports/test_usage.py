"""Usage by months and subscriptions from files: of accounts that are there, replaced by the next file, undone."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import AccountUsage, Subscription
from portal.imports.models import LineOutcome, LineReason
from tests.imports.files import Importer, csv_of
from tests.world import World

USAGE = ("Account Name", "Account ID", "Month", "Licenses", "Active Users", "Features")
SUBSCRIPTION = ("Account Name", "Start Date", "End Date", "ARR", "Reason")
Month = tuple[str, int | None, int | None, list[str], bool]


def months(world: World) -> list[Month]:
    with world.session() as session:
        rows = session.scalars(select(AccountUsage).order_by(AccountUsage.month)).all()
    return [
        (f"{row.month:%Y-%m}", row.licenses, row.active_users, row.features, row.is_latest) for row in rows
    ]


def periods(world: World) -> list[tuple[date, date | None, int, str]]:
    with world.session() as session:
        rows = session.scalars(select(Subscription).order_by(Subscription.starts_on)).all()
    return [(row.starts_on, row.ends_on, row.arr_cents, row.reason) for row in rows]


def test_days_are_counted_together_by_month(importer: Importer, acme: World) -> None:
    acme.account("Wabtec", external_id="001W")
    done = importer.import_file(
        csv_of(
            USAGE,
            ("Wabtec", "", "2026-09-01", "90", "70", "Flow"),
            ("", "001W", "2026-09-30", "100", "60", "Ledger; Flow"),
            ("WABTEC", "", "October 2026", "", "65", ""),
        )
    )
    assert months(acme) == [
        ("2026-09", 100, 70, ["Flow", "Ledger"], False),
        ("2026-10", None, 65, [], True),
    ]
    assert importer.lines(done, LineOutcome.UNCHANGED) == [(3, "", "Wabtec, 2026-09", LineReason.ROLLED_UP)]


def test_the_next_file_takes_the_place_of_its_months_and_undo_brings_the_old_ones_back(
    importer: Importer, acme: World
) -> None:
    acme.account("Wabtec")
    importer.import_file(
        csv_of(
            USAGE, ("Wabtec", "", "2026-08", "80", "60", "Flow"), ("Wabtec", "", "2026-09", "90", "", "Flow")
        )
    )
    before = months(acme)
    again = importer.import_file(
        csv_of(
            USAGE, ("Wabtec", "", "2026-09", "", "85", ""), ("Wabtec", "", "2026-10", "95", "86", "Ledger")
        )
    )
    assert months(acme)[1:] == [("2026-09", None, 85, [], False), ("2026-10", 95, 86, ["Ledger"], True)]
    undone = importer.undo(again)
    assert (undone.counts["restored"], undone.counts["deleted"]) == (1, 1)
    assert months(acme) == before


def test_an_account_nobody_knows_is_refused_and_named(importer: Importer, acme: World) -> None:
    acme.account("Wabtec")
    file = csv_of(
        USAGE, ("Wabtec", "", "2026-09", "1", "1", ""), ("Nobody Knows", "001X", "2026-09", "1", "1", "")
    )
    check = importer.check(this := importer.upload(file)).check_result or {}
    assert (check["importable"], check["refused"]) == (1, 1)
    page = acme.signed_in(as_member=importer.manager).get(f"/imports/{this.id}/check").text
    assert "There’s no account with this ID or name" in page
    assert "1 of 2 rows can be imported" in page
    done = importer.start(this)
    assert importer.lines(done, LineOutcome.REFUSED) == [
        (3, "company", "Nobody Knows", LineReason.UNKNOWN_ACCOUNT)
    ]


@pytest.mark.parametrize(
    "line",
    [
        ("Corvid", "001W"),  # the id is Wabtec's
        ("Wabtec", "001X"),  # nobody's id, and Wabtec has another
        ("Wabtec Rail", "001W"),  # nobody's name
    ],
)
def test_nothing_is_booked_to_a_company_whose_id_or_name_is_another_than_the_files(
    importer: Importer, acme: World, line: tuple[str, str]
) -> None:
    for company, known_id in (("Wabtec", "001W"), ("Corvid", ""), ("Umbrella", "")):
        acme.account(company, external_id=known_id)
    name, own_id = line
    sound = ("Umbrella", "", "2026-09", "5", "4", "")
    file = csv_of(USAGE, (name, own_id, "2026-09", "1", "1", ""), sound)
    check = importer.check(this := importer.upload(file)).check_result or {}
    assert (check["importable"], check["refused"]) == (1, 1)
    refused = [(2, "company", name, LineReason.ID_OF_OTHER_COMPANY)]
    assert importer.lines(importer.start(this), LineOutcome.REFUSED) == refused
    header = (SUBSCRIPTION[0], "Account ID", *SUBSCRIPTION[1:])
    wrong, right = (name, own_id, "2026-01-01", "", "1200", ""), ("Umbrella", "", "2026-02-01", "", "900", "")
    booked = importer.import_file(csv_of(header, wrong, right))
    assert importer.lines(booked, LineOutcome.REFUSED) == refused
    assert months(acme) == [("2026-09", 5, 4, [], True)]
    assert [period[0] for period in periods(acme)] == [date(2026, 2, 1)]


def test_a_company_without_an_id_is_known_by_its_name(importer: Importer, acme: World) -> None:
    acme.account("Wabtec")
    importer.import_file(csv_of(USAGE, ("Wabtec", "001W", "2026-09", "10", "7", "")))
    assert months(acme) == [("2026-09", 10, 7, [], True)]


def test_subscriptions_follow_each_other_and_a_shortened_one_makes_room(
    importer: Importer, acme: World
) -> None:
    acme.account("Wabtec")
    importer.import_file(csv_of(SUBSCRIPTION, ("Wabtec", "2026-01-01", "", "$1,200.00", "New")))
    before = periods(acme)
    again = importer.import_file(
        csv_of(
            SUBSCRIPTION,
            ("Wabtec", "2026-01-01", "2026-06-30", "$1,200.00", "New"),
            ("Wabtec", "2026-07-01", "2027-06-30", "$1,500.00", "Expansion"),
        )
    )
    assert periods(acme) == [
        (date(2026, 1, 1), date(2026, 6, 30), 120_000, "New"),
        (date(2026, 7, 1), date(2027, 6, 30), 150_000, "Expansion"),
    ]
    importer.undo(again)
    assert periods(acme) == before


def test_what_overlaps_is_refused_and_what_it_would_have_replaced_stays(
    importer: Importer, acme: World
) -> None:
    acme.account("Wabtec")
    importer.import_file(csv_of(SUBSCRIPTION, ("Wabtec", "2026-01-01", "2026-12-31", "1200", "")))
    done = importer.import_file(
        csv_of(
            SUBSCRIPTION,
            ("Wabtec", "2025-12-15", "2026-02-28", "900", "overlaps what stays, once the next is refused"),
            ("Wabtec", "2026-01-01", "2026-06-30", "1200", "overlaps the line above"),
            ("Wabtec", "2027-01-01", "2026-12-31", "1200", "ends too early"),
            ("Wabtec", "2027-01-01", "2027-12-31", "1300", "fits"),
        )
    )
    assert [(line, reason) for line, *_, reason in importer.lines(done, LineOutcome.REFUSED)] == [
        (2, LineReason.OVERLAPPING_SUBSCRIPTION),
        (3, LineReason.OVERLAPPING_SUBSCRIPTION),
        (4, LineReason.ENDS_BEFORE_IT_STARTS),
    ]
    assert [start for start, *_ in periods(acme)] == [date(2026, 1, 1), date(2027, 1, 1)]


def test_undo_keeps_what_would_overlap_a_later_change(importer: Importer, acme: World) -> None:
    acme.account("Wabtec")
    importer.import_file(csv_of(SUBSCRIPTION, ("Wabtec", "2026-01-01", "", "1200", "")))
    second = importer.import_file(
        csv_of(
            SUBSCRIPTION,
            ("Wabtec", "2026-01-01", "2026-06-30", "1200", ""),
            ("Wabtec", "2026-07-01", "", "1500", ""),
        )
    )
    importer.import_file(csv_of(SUBSCRIPTION, ("Wabtec", "2026-07-01", "", "1600", "")))
    undone = importer.undo(second)
    assert (undone.counts["kept"], undone.counts["restored"]) == (2, 0)
    assert [end for _, end, *_ in periods(acme)] == [date(2026, 6, 30), None]


def test_the_database_itself_refuses_two_subscriptions_at_once(acme: World) -> None:
    with pytest.raises(IntegrityError, match="ex_subscriptions_one_at_a_time"):
        _subscribe_twice(acme)


def _subscribe_twice(world: World) -> None:
    given = {"account_id": world.account().id, "ends_on": date(2026, 12, 31), "arr_cents": 1}
    with world.session() as session:
        session.add_all(
            Subscription(starts_on=first, **given) for first in (date(2026, 1, 1), date(2026, 12, 31))
        )
