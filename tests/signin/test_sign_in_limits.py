"""How many sign-in emails somebody can cause, and that no stranger and no neighbor can lock anybody out."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from portal.errors import Throttled
from portal.signin import sign_in_limits
from portal.signin.known_browsers import browser_id
from portal.signin.rate_limits import RateRule, count_use, network
from portal.signin.sign_in_limits import count_sign_in_email
from portal.web.dispatch import Portal
from tenants.database import system_session
from tenants.models import Membership, Role
from tests.client import Client, new_client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.rules.query_counter import statements
from tests.signin.sign_in_emails import newest, newest_request
from tests.world import World

RANDOM = re.compile(r'name="csrf_token"[^>]*>|nonce="[^"]+"|[\w.]+@[\w.-]+')


def ask(client: Client, email: str) -> int:
    return client.post("/sign-in", {"email": email}, outside=True).status_code


def comes_in(client: Client, path: str) -> bool:
    client.post(path, outside=True)
    return "/sign-in" not in client.get("/workspaces?choose=1", outside=True).headers.get("Location", "")


@pytest.fixture
def rep(acme: World) -> Membership:
    return acme.member(Role.REP)


def test_whoever_asks_again_gets_the_same_code_and_every_email_of_it_works(
    app: Portal,
    rep: Membership,
    mailbox: Mailbox,
    run_jobs: Jobs,
    travel: Travel,
) -> None:
    phone, laptop = new_client(app), new_client(app)
    for client in (phone, laptop):
        ask(client, rep.email)
        run_jobs()
        travel(minutes=2)
    first, second = mailbox.to(rep.email)
    assert paths(first, "/sign-in/link/") == paths(second, "/sign-in/link/")
    assert newest(rep.email).code in first.text
    assert newest(rep.email).code in second.text
    assert comes_in(phone, paths(first, "/sign-in/link/")[0])


def test_the_email_sent_again_is_good_for_its_ten_minutes(
    rep: Membership, client: Client, travel: Travel
) -> None:
    ask(client, rep.email)
    travel(minutes=9)
    ask(client, rep.email)
    link = newest(rep.email).link
    travel(minutes=9)
    assert comes_in(client, link)


def test_after_ten_minutes_the_code_is_another(rep: Membership, client: Client, travel: Travel) -> None:
    ask(client, rep.email)
    before = newest(rep.email)
    travel(minutes=11)
    ask(client, rep.email)
    assert newest(rep.email) != before


def test_one_email_a_minute_and_ten_an_hour(
    rep: Membership,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    travel: Travel,
) -> None:
    def asked(times: int, **apart: float) -> int:
        for _ in range(times):
            assert ask(client, rep.email) == 303
            run_jobs()
            travel(**apart)
        return len(mailbox.to(rep.email))

    assert asked(3, seconds=15) == 1
    assert asked(5, seconds=70) == 4, "from the fifth on the distance is nine minutes"
    travel(minutes=7)
    assert asked(6, minutes=9) == 10
    travel(hours=1)
    assert asked(1, minutes=1) == 11


def test_nobody_can_use_up_the_hour_of_somebody_else(
    app: Portal, rep: Membership, client: Client, travel: Travel
) -> None:
    """A thief asks every minute for an hour and a half: the next email is never more than nine minutes away."""
    sent = []
    for minute in range(90):
        with system_session() as session:
            sent += [minute] if count_sign_in_email(session, rep.email, "192.0.2.66") else []
        travel(minutes=1)
    assert sent[:4] == [0, 1, 2, 3]
    assert {later - earlier for earlier, later in pairwise(sent[3:])} == {9}
    assert max(sum(begun <= at < begun + 60 for at in sent) for begun in sent) == 10

    travel(minutes=8)
    ask(client, rep.email)
    assert newest_request(rep.email).email_count == 1
    assert comes_in(client, newest(rep.email).link)


def test_the_answer_and_the_work_are_the_same_for_known_unknown_and_limited(
    app: Portal, acme: World, travel: Travel
) -> None:
    known, limited = acme.member(Role.REP).email, acme.member(Role.REP).email
    unknown = f"nobody@{acme.slug}.example"
    with system_session() as session:
        for _ in range(10):
            assert count_use(session, RateRule("sign-in address", 10, timedelta(hours=1)), limited)
    seen = [_told(app, email) for email in (known, unknown, limited)]
    assert seen[0] == seen[1] == seen[2]
    again = [_told(app, email) for email in (known, unknown, limited)]
    assert again[0] == again[1] == again[2], "within the minute, too"


def _told(app: Portal, email: str) -> tuple[list[str], int, str, str]:
    client = new_client(app)
    client.get("/sign-in", outside=True)
    with statements() as sent:
        answer = client.post("/sign-in", {"email": email}, outside=True)
    page = client.get("/check-your-email", outside=True).text
    return sent, answer.status_code, answer.location, RANDOM.sub("", page)


def test_a_code_that_was_guessed_at_in_one_browser_still_works_in_another(
    app: Portal, rep: Membership, client: Client
) -> None:
    thief = new_client(app)
    for browser in (thief, client):
        ask(browser, rep.email)
    for _ in range(6):
        thief.post("/check-your-email", {"code": newest(rep.email).wrong_code}, outside=True)
    client.post("/check-your-email", {"code": newest(rep.email).code}, outside=True)
    assert client.get("/workspaces?choose=1", outside=True).status_code == 200


def test_whoever_mistyped_five_times_gets_a_new_code(rep: Membership, client: Client, travel: Travel) -> None:
    ask(client, rep.email)
    first = newest(rep.email)
    for _ in range(5):
        client.post("/check-your-email", {"code": first.wrong_code}, outside=True)
    travel(minutes=2)
    ask(client, rep.email)
    assert newest(rep.email).code != first.code
    client.post("/check-your-email", {"code": newest(rep.email).code}, outside=True)
    assert client.get("/workspaces?choose=1", outside=True).status_code == 200


def test_whoever_came_in_and_went_out_may_ask_again_at_once(
    rep: Membership, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    for times in (1, 2, 3):
        ask(client, rep.email)
        run_jobs()
        assert len(mailbox.to(rep.email)) == times
        assert comes_in(client, newest(rep.email).link)
        client.follow(client.post("/sign-out", outside=True))


def test_each_browser_goes_where_it_wanted(app: Portal, acme: World, rep: Membership) -> None:
    clients = [new_client(app), new_client(app)]
    for number, client in enumerate(clients):
        client.post("/sign-in", {"email": rep.email, "next_url": f"/{acme.slug}/{number}"}, outside=True)
    assert clients[0].post(newest(rep.email).link, outside=True).location == f"/{acme.slug}/0"


def test_a_browser_that_signed_in_before_is_not_locked_by_strangers(
    app: Portal,
    rep: Membership,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    travel: Travel,
) -> None:
    ask(client, rep.email)
    assert comes_in(client, newest(rep.email).link)
    client.follow(client.post("/sign-out", outside=True))
    for _ in range(12):
        ask(new_client(app), rep.email)
        travel(seconds=61)
    run_jobs()
    before = len(mailbox.to(rep.email))
    travel(minutes=5)  # the next email to an unknown browser is some minutes away
    ask(new_client(app), rep.email)
    run_jobs()
    assert len(mailbox.to(rep.email)) == before

    ask(client, rep.email)
    run_jobs()
    assert len(mailbox.to(rep.email)) == before + 1
    assert comes_in(client, paths(mailbox.last(rep.email), "/sign-in/link/")[0])


def test_the_cookie_of_a_known_browser_holds_no_secret_and_speaks_for_nobody_else(
    acme: World, rep: Membership, client: Client
) -> None:
    ask(client, rep.email)
    inside = client.post(newest(rep.email).link, outside=True)
    [cookie] = [each for each in inside.headers.getlist("Set-Cookie") if each.startswith("gw_known=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert rep.email not in cookie
    value = client.cookie("gw_known")
    assert client.cookie("gw_session") not in value

    known = partial(browser_id, key=acme.settings.secret_key)
    assert known(value, email_norm=rep.email)
    assert not known(value, email_norm=acme.member(Role.REP).email)
    assert not known(value[:-2] + ("aa" if value[-2:] != "aa" else "bb"), email_norm=rep.email)


def test_three_hundred_colleagues_behind_one_address_sign_in_and_a_flood_is_told_to_wait(
    app: Portal, acme: World, rep: Membership
) -> None:
    colleague, office = new_client(app), "192.0.2.200"
    colleague.environ_base["REMOTE_ADDR"] = office
    with system_session() as session:
        for number in range(299):
            assert count_sign_in_email(session, f"colleague{number}@{acme.slug}.example", office)
    assert ask(colleague, rep.email) == 303
    assert ask(colleague, rep.email) == 429
    assert ask(colleague, "nobody@nowhere.example") == 429, "whoever is asked for"

    assert comes_in(colleague, newest(rep.email).link)
    colleague.follow(colleague.post("/sign-out", outside=True))
    assert {ask(colleague, rep.email) for _ in range(2)} == {303}, (
        "a browser known here has its own allowance"
    )


def test_a_network_is_a_home_whatever_its_address(app: Portal) -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:aaaa::9")
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") == "192.0.2.1"
    with system_session() as session:
        for number in range(300):
            assert count_use(session, sign_in_limits.SOURCE, network(f"2001:db8:7:7::{number:x}"))
    with pytest.raises(Throttled), system_session() as session:
        count_sign_in_email(session, "one@more.example", "2001:db8:7:7:ffff::1")


def test_ten_at_the_same_moment_are_counted_one_by_one(app: Portal) -> None:
    limit = RateRule("crowd", 3, timedelta(hours=1))

    def want(_: int) -> bool:
        with system_session() as session:
            return count_use(session, limit, "somebody")

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(want, range(10))) == 3


def test_another_spelling_of_the_address_is_the_same_address(
    app: Portal, rep: Membership, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    for spelling in (rep.email, rep.email.upper(), f" {rep.email.title()} "):
        ask(new_client(app), spelling)
    run_jobs()
    assert len(mailbox.to(rep.email)) == 1
