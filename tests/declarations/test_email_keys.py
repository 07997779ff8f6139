"""The keys of emails, as they stand in rows: another one would send an email twice after an upgrade."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zlib import crc32

from portal.advocates import emails as advocates
from portal.advocates.address_change_models import AddressChange
from portal.advocates.models import Advocate, JoinRequest
from portal.asks import emails as asks
from portal.asks.models import Ask
from portal.outreach.consent_requests import emails as consent_requests
from portal.outreach.consent_requests.models import ConsentRequest
from portal.outreach.sequences.advance import occasion
from portal.outreach.sequences.models import SequenceRun, SequenceStep
from portal.references import emails as references
from portal.references.asking import emails as asking
from portal.references.meetings import emails as meetings
from portal.references.meetings import time_emails
from portal.references.models import DealOutcome, Meeting, ReferenceRequest, Side
from portal.references.request_updates import RequestUpdate
from portal.signin import emails as signin
from portal.workspace import emails as workspace
from tenants.clock import utc_now
from tenants.models import Membership, SignInRequest

ID = UUID("01a22c71-9e91-73b5-b407-047ba9f0e2d3")
ASK, REQUEST = Ask(id=ID, link_version=2), ReferenceRequest(id=ID, outcome_note="")
MEETING = Meeting(id=ID, link_version=3, sequence=1)


def is_of_this_hour(key: str, beginning: str) -> bool:
    hour = datetime.strptime(key.removeprefix(beginning), "%Y%m%d%H").replace(tzinfo=UTC)
    return timedelta() <= utc_now() - hour < timedelta(hours=1, minutes=5)


def test_keys_of_signing_in_and_invitations() -> None:
    assert signin.sign_in_key(SignInRequest(id=ID, email_count=1)) == f"sign_in:{ID}"
    assert signin.sign_in_key(SignInRequest(id=ID, email_count=2)) == f"sign_in:{ID}:2"
    assert workspace.member_invitation_key(Membership(id=ID, link_version=2)) == f"member:{ID}:2"


def test_keys_of_joining() -> None:
    change, person = AddressChange(id=ID, link_version=2), Advocate(id=ID, invitation_count=1)
    person.enrolled_at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert advocates.join_confirmation_key(JoinRequest(id=ID, link_version=2)) == f"join:{ID}:2"
    assert advocates.address_confirmation_key(change) == f"address:{ID}:2"
    assert advocates.address_changed_key(change) == f"address changed:{ID}"
    assert advocates.invitation_key(person) == f"invitation:{ID}:1"
    assert advocates.welcome_key(person) == f"welcome:{ID}:2026-11-24"
    assert advocates.pending_review_key(person) == f"waits:{ID}"


def test_keys_of_further_consents() -> None:
    request = ConsentRequest(id=ID, link_version=2)
    assert consent_requests.further_purpose_key(ID) == f"further purpose:{ID}"
    assert is_of_this_hour(consent_requests.new_link_key(request), f"further purpose:{ID}:link:2:")


def test_keys_of_requests() -> None:
    assert references.submitted_key(REQUEST) == f"request:{ID}:submitted"
    assert references.update_key(REQUEST, RequestUpdate.ASKED, "7") == f"request:{ID}:asked:7"
    assert references.update_key(REQUEST, RequestUpdate.CONTENT, "") == f"request:{ID}:content:"


def test_keys_of_asks() -> None:
    assert asks.ask_sent_key(ASK) == f"ask:{ID}:sent"
    assert asking.ask_answered_key(ASK) == f"ask:{ID}:answered"
    assert asking.ask_withdrawn_key(ASK) == f"ask:{ID}:withdrawn"
    assert is_of_this_hour(asks.new_link_key(ASK), f"ask:{ID}:link:2:")
    assert asks.question_key(ASK, "Is there fish?") == f"ask:{ID}:question:{crc32(b'Is there fish?')}"
    won = ReferenceRequest(id=ID, outcome=DealOutcome.WON, outcome_note="Thanks!")
    assert asking.thanks_key(ASK, REQUEST) == f"ask:{ID}:thanks:None"
    assert asking.thanks_key(ASK, won) == f"ask:{ID}:thanks:won:{crc32(b'Thanks!')}"


def test_keys_of_calls() -> None:
    assert meetings.confirmed_key(MEETING, Side.ADVOCATE) == f"meeting:{ID}:confirmed:1:advocate"
    assert meetings.cancelled_key(MEETING, Side.PROSPECT) == f"meeting:{ID}:off:1:3:prospect"
    assert meetings.after_call_key(MEETING, Side.ADVOCATE) == f"meeting:{ID}:after:1:advocate"
    assert is_of_this_hour(meetings.new_link_key(MEETING), f"meeting:{ID}:link:3:")
    assert time_emails.slots_key(MEETING) == f"meeting:{ID}:slots:3:"
    assert is_of_this_hour(time_emails.slots_key(MEETING, is_again=True), f"meeting:{ID}:slots:3:")
    assert time_emails.new_times_key(MEETING) == f"meeting:{ID}:times:3"
    assert time_emails.times_reminder_key(MEETING) == f"meeting:{ID}:times again:3"


def test_keys_of_sequences() -> None:
    run = SequenceRun(id=ID, anchor_at=datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert occasion(run, SequenceStep(minutes=4320)) == f"sequence:{ID}:2026-11-24T09:00:00+00:00:4320"
