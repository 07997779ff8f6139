"""What managers see of the letters, and what they do about one that did not go out."""

from typing import Any

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from portal.links import Purpose, token
from portal.outbox import Envelope
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, Recipient
from portal.outreach.models import Letter, LetterState
from tenants.clock import utc_now
from tests.house.counting import statements

ROW = uuid7()


def letter(
    world: Any, kind: LetterKind = LetterKind.NEW_LINK, to: str = "ada@example.com", **facts: Any
) -> Letter:
    with world.session() as session:
        links = {"page": Link(Purpose.SLOT, ROW), "sign_in": Link(Purpose.SIGN_IN, ROW)}
        made = write(
            session, kind, Recipient(to, "Ada"), str(uuid7()), fields={"what": "your call"}, links=links
        )
        session.execute(update(Letter).where(Letter.id == made.id).values(**facts or {"due_at": utc_now()}))
    return made


def test_what_needs_a_person_is_said_first(acme, as_manager):
    assert "No letter yet" in as_manager.get("/letters").text
    letter(acme)
    assert "No letter needs you" in as_manager.get("/letters").text
    held = letter(acme, to="eve@example.com", state=LetterState.HELD, why="It may have arrived.")
    page = as_manager.get("/letters")
    assert "One letter needs you" in page.text
    assert f"/letters/{held.id}" in page.text
    assert "ada@example.com" not in page.text
    assert "ada@example.com" in as_manager.get("/letters?view=all").text


def test_a_letter_is_found_by_its_whole_address(acme, as_manager):
    letter(acme)
    letter(acme, to="eve@example.com")
    found = as_manager.get("/letters?to=EVE@example.com").text
    assert "eve@example.com" in found
    assert "ada@example.com" not in found
    assert "No letter to tom@example.com here" in as_manager.get("/letters?to=tom@example.com").text


def test_long_lists_turn_their_pages(acme, as_manager):
    for number in range(30):
        letter(acme, to=f"reader{number}@example.com")
    first = as_manager.get("/letters")
    assert "reader29@" in first.text
    assert "reader0@" not in first.text
    older = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "reader0@" in as_manager.get(older, outside=True).text


def test_the_list_asks_few_questions_however_long_it_is(acme, as_manager):
    for number in range(30):
        letter(acme, to=f"reader{number}@example.com")
    with statements() as sent:
        as_manager.get("/letters")
    assert len(sent) <= 8, sent


def test_a_letter_is_shown_without_the_secret_of_its_links(acme, as_manager):
    shown = letter(acme)
    secret = token(Purpose.SLOT, acme.tenant_id, ROW)
    for path in ("", "/html", "?as=text"):
        page = as_manager.get(f"/letters/{shown.id}{path}")
        assert page.status_code == 200
        assert secret not in page.text
    paper = as_manager.get(f"/letters/{shown.id}/html")
    assert "http://localhost/s/…" in paper.text
    assert "sandbox" in paper.headers["Content-Security-Policy"]


def test_sign_in_letters_are_shown_to_nobody(acme, as_manager, as_admin):
    secret = letter(acme, LetterKind.SIGN_IN, state=LetterState.FAILED)
    for client in (as_manager, as_admin):
        assert "No letter yet" in client.get("/letters").text
        assert client.get(f"/letters/{secret.id}").status_code == 404
        assert client.get(f"/letters/{secret.id}/html").status_code == 404
        assert client.post(f"/letters/{secret.id}/tries").status_code == 404


def test_a_letter_is_tried_again_and_arrives(acme, as_manager, mailbox, run_jobs):
    failed = letter(acme, state=LetterState.FAILED, why="The mail server said: 550 no such mailbox", tries=1)
    assert "550 no such mailbox" in as_manager.get(f"/letters/{failed.id}").text
    as_manager.follow(as_manager.post(f"/letters/{failed.id}/tries"))
    assert as_manager.post(f"/letters/{failed.id}/tries").status_code == 409
    run_jobs()
    assert len(mailbox.to("ada@example.com")) == 1
    assert "Tried again" in as_manager.get(f"/letters/{failed.id}").text


def test_a_letter_in_doubt_warns_before_it_is_sent_twice(acme, as_manager):
    doubtful = letter(acme, state=LetterState.HELD, in_doubt=True, why="It may have arrived.")
    assert "it may reach ada@example.com twice" in as_manager.get(f"/letters/{doubtful.id}").text


def test_a_letter_given_up_asks_for_nobody_any_more(acme, as_manager):
    failed = letter(acme, state=LetterState.FAILED, why="no")
    as_manager.follow(as_manager.post(f"/letters/{failed.id}/end"))
    assert "No letter needs you" in as_manager.get("/letters").text
    assert "Given up" in as_manager.get("/letters?view=not-sent").text


@pytest.mark.parametrize("path", ["/letters", "/messages"])
def test_letters_are_not_for_reps(as_rep, path):
    assert as_rep.get(path).status_code == 403


def test_an_admin_looks_at_messages_that_failed_and_tries_again(acme, as_admin, as_manager, run_jobs):
    assert as_manager.get("/messages").status_code == 403
    assert "No message failed" in as_admin.get("/messages").text
    with acme.session() as session:
        lost = Envelope(
            topic="DealSaved", ids={}, parked_at=utc_now(), tries=5, why="RuntimeError: out of ink"
        )
        session.add(lost)
    assert "One message inside Goodword could not be handled" in as_admin.get("/letters").text
    assert "RuntimeError: out of ink" in as_admin.get("/messages").text
    page = as_admin.follow(as_admin.post(f"/messages/{lost.id}/tries"))
    assert "No message failed" in page.text
    assert as_admin.post(f"/messages/{lost.id}/tries").status_code == 404
    with acme.session() as session:
        assert session.scalars(select(Envelope.tries)).one() == 0


def test_health_says_what_is_there(stranger):
    assert stranger.get("/healthz", outside=True).json == {"process": "ok"}
    ready = stranger.get("/readyz", outside=True)
    assert ready.status_code == 200
    assert (ready.json["database"], ready.json["wall"], ready.json["migrations"]) == ("ok", "ok", "ok")
    assert ready.json["redis"].startswith("away")


def test_another_workspaces_letter_does_not_exist(globex, as_admin):
    theirs, nothing = letter(globex, state=LetterState.HELD).id, uuid7()
    for path in ("", "/html"):
        answers = [as_admin.get(f"/letters/{one}{path}") for one in (theirs, nothing)]
        assert [answer.status_code for answer in answers] == [404, 404]
    for path in ("tries", "end"):
        assert [as_admin.post(f"/letters/{one}/{path}").status_code for one in (theirs, nothing)] == [
            404,
            404,
        ]
