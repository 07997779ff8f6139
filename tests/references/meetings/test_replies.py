"""Whom a reply to an email about a call reaches."""

from portal.policies import change
from portal.references import policies
from tests.fixture_types import Travel
from tests.references.calls import ADA, Call
from tests.references.steps import PETER, until


def test_replies_to_emails_about_a_call_reach_the_rep(call: Call) -> None:
    call.agreed()
    rep, manager = call.rep.member.email, call.manager.member.email
    replies = {one.subject.split(":")[0]: one.headers.get("Reply-To") for one in call.box.to(ADA)}
    assert replies["Confirmed"] == rep
    assert replies["Could you talk to Initech for 20 minutes?"] == manager, (
        "a reply before a yes names nobody to a rep"
    )
    assert {one.headers.get("Reply-To") for one in call.box.to(PETER)} == {rep}


def test_where_names_are_kept_from_reps_an_advocates_reply_reaches_the_desk(call: Call) -> None:
    with call.world.session() as session:
        change(session, policies.NAME_AFTER_YES, 0, by=call.manager.member)
    call.agreed()
    assert call.box.last(ADA).headers["Reply-To"] == call.manager.member.email
    assert call.box.last(PETER).headers["Reply-To"] == call.rep.member.email


def test_a_reminder_is_answered_to_the_rep_too(call: Call, travel: Travel) -> None:
    call.agreed()
    travel(seconds=until(call.times[0], hours=24) + 1)
    call.jobs()
    for who in (ADA, PETER):
        email = call.box.last(who)
        assert (email.subject[:8], email.headers["Reply-To"]) == ("Tomorrow", call.rep.member.email)
