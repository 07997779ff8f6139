"""What a prospect types reaches people by email under our name: never as a link."""

from icalendar import Calendar

from tests.mailbox import paths
from tests.outreach.templates.live_links import live_in
from tests.references.calls import ADA, Call
from tests.references.steps import PETER

EVIL = "http://evil.test/win-500-EUR"


def test_the_name_of_whoever_picked_a_time_is_no_link_in_anybodys_email(call: Call) -> None:
    page = paths(call.box.last(PETER), "/s/")[0]
    picked = {"slot": call.times[0], "name": EVIL, "zone": "America/Chicago"}
    assert call.public.post(page, picked).status_code == 303
    call.jobs()
    for who in (ADA, PETER, call.rep.member.email):
        email = call.box.last(who)
        assert "evil" not in email.subject + email.text + email.html + (email.calendar or "")
    assert "Hello,\n" in call.box.last(PETER).text
    assert "with Initech" in call.box.last(ADA).subject
    (event,) = Calendar.from_ical(call.box.last(ADA).calendar).walk("VEVENT")
    assert event["SUMMARY"] == "Initech · Acme"
    assert EVIL in call.rep.get(f"/requests/{call.request.id}").text, "the rep reads what was typed"


def test_a_note_of_the_prospect_comes_without_its_links(call: Call) -> None:
    page = paths(call.box.last(PETER), "/s/")[0]
    note = f"none of these fit: see {EVIL} or evil․test, thanks"
    call.public.follow(call.public.post(f"{page}/none", {"note": note}))
    before = len(call.box.all())
    call.jobs()
    email = call.box.last(ADA)
    assert "> none of these fit: see […] or […], thanks" in email.text
    assert not [found for found in live_in(email.text, email.html) if "evil" in found]
    assert all("evil" not in one.text for one in call.box.all()[before:])
