"""The reference desk, twice: a call with a prospect, and a reference in writing."""

from datetime import datetime, timedelta
from functools import partial

from portal.advocates import queries as people
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind
from portal.references import queries
from portal.references.asking import actions
from portal.references.asking.emails import ASK, ASK_RECEIPT, ASK_REMINDER, ASK_WITHDRAWN, THANKS_OUTCOME
from portal.references.emails import REQUEST_SUBMITTED, REQUEST_UPDATE
from portal.references.feedback.actions import record_call_outcome
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings.emails import (
    AFTER_CALL_QUESTION,
    MEETING_CANCELLED,
    MEETING_CONFIRMED,
    MEETING_REMINDER,
)
from portal.references.meetings.prospect_actions import pick_time
from portal.references.meetings.time_emails import NEW_TIMES, SLOTS_FOR_PROSPECT
from portal.references.models import MeetingState
from portal.references.program import PROGRAM
from tenants.clock import utc_now
from tenants.models import Membership
from tests.contracts.program_case import ProgramCase, ProgramFacts
from tests.fixture_types import Travel
from tests.outreach.templates.who_typed import Who
from tests.present import present
from tests.references.calls import call_today
from tests.references.steps import PETER
from tests.world import World

PRODUCT, MEMBER, STRANGER, PUT_TOGETHER, _ADDRESS = Who
ASKING = {
    **dict.fromkeys(("question", "prospect", "why_you", "questions"), MEMBER),
    **dict.fromkeys(("kind", "minutes", "how_long", "due_on", "facts", "agreed", "answer_link"), PRODUCT),
}
CALL = {
    **dict.fromkeys(("headline", "with_whom", "google_link", "outlook_link"), PUT_TOGETHER),
    **dict.fromkeys(("starts_at", "minutes", "calendar_link", "call_link"), PRODUCT),
    "facts": PUT_TOGETHER,
    "questions": MEMBER,
    "rep": MEMBER,
}
PROSPECT = {"name": "Peter Gibbons", "email": PETER, "time_zone": "America/Chicago"}


def ask(world: World, by: Membership, person: Advocate, kind: AskKind) -> None:
    request = world.request(kind=kind)
    with world.session() as session:
        actions.ask(session, request.id, people.get(session, person.id), by=by)


def times(world: World, ask: Ask) -> dict[str, object]:
    noon = utc_now().replace(hour=12, minute=0, second=0, microsecond=0)
    return {"slot": [(noon + timedelta(days=days)).isoformat() for days in (3, 4, 5)]}


def hold_call(world: World, by: Membership, ask: Ask, travel: Travel) -> None:
    with world.session() as session:
        call = present(queries.meeting_of(session, ask))
        at: datetime = queries.slots(session, call)[0].starts_at
        pick_time(session, call.id, at, **PROSPECT)
    travel(seconds=(at + timedelta(hours=3) - utc_now()).total_seconds())
    with world.session() as session:
        record_call_outcome(session, call.id, MeetingState.HELD, "", by=by)


def record_delivery(world: World, by: Membership, ask: Ask, travel: Travel) -> None:
    with world.session() as session:
        actions.record_delivery(session, ask.subject_id, ask.id, "", by=by)


def new_request(world: World, by: Membership) -> str:
    world.request(prospect="Hooli")
    return "Hooli needs a first response"


def own_request(world: World, rep: Membership) -> str:
    world.request(prospect="Hooli", requester=rep)
    return "Hooli"


def call(world: World, by: Membership) -> str:
    call_today(world)
    return "Initech"


CASES = (
    ProgramCase(
        program=PROGRAM,
        variant="call",
        kind=AskKind.CALL,
        ask=partial(ask, kind=AskKind.CALL),
        yes=times,
        finish=hold_call,
        needs_manager=new_request,
        needs_rep=own_request,
        on_today=call,
    ),
    ProgramCase(
        program=PROGRAM,
        variant="in writing",
        kind=AskKind.WRITTEN,
        ask=partial(ask, kind=AskKind.WRITTEN),
        yes=lambda world, ask: {"note": "We closed in five days."},
        finish=record_delivery,
        needs_manager=new_request,
    ),
)
FACTS = ProgramFacts(
    history_actions="submitted logged asked accepted times_offered other_times_offered declined expired ask_withdrawn "
    "delivery_recorded time_picked other_times_requested call_moved advocate_dropped_out "
    "advocate_requested_another_time prospect_requested_another_time advocate_cancelled prospect_cancelled "
    "colleague_suggested still_willing feedback_given call_outcome_recorded single_answer_applied dial_in_set "
    "contact_set delivered not_held clock_paused clock_resumed region_relaxed withdrawn given_up marked_duplicate "
    "content_accepted outcome_recorded",
    typed_by={
        ASK: ASKING,
        ASK_REMINDER: ASKING,
        ASK_RECEIPT: {
            **dict.fromkeys(("receipt", "what_follows", "prospect"), MEMBER),
            **dict.fromkeys(("in_short", "slots", "kind", "answer_link"), PRODUCT),
        },
        ASK_WITHDRAWN: {"prospect": MEMBER, "kind": PRODUCT, "reason": MEMBER, "does_not_count": PRODUCT},
        REQUEST_SUBMITTED: {
            **dict.fromkeys(("rep", "prospect", "facts"), MEMBER),
            **dict.fromkeys(("kind", "needed_by", "request_link"), PRODUCT),
        },
        REQUEST_UPDATE: {
            **dict.fromkeys(("news_subject", "news", "note", "news_facts"), STRANGER),
            **dict.fromkeys(("news_button", "number", "request_link"), PRODUCT),
            "prospect": MEMBER,
        },
        SLOTS_FOR_PROSPECT: {
            **dict.fromkeys(("who", "whom_we_found"), PUT_TOGETHER),
            **dict.fromkeys(("rep", "prospect", "sender_name", "sign_off"), MEMBER),
            **dict.fromkeys(("minutes", "to_choose", "slots", "slot_link"), PRODUCT),
        },
        NEW_TIMES: {"prospect": MEMBER, "why_others": MEMBER, "note": STRANGER, "times_link": PRODUCT},
        MEETING_CONFIRMED: CALL,
        MEETING_REMINDER: CALL | {"how_soon": PRODUCT},
        MEETING_CANCELLED: {
            **dict.fromkeys(("headline", "what_is_off", "with_whom"), PUT_TOGETHER),
            "starts_at": PRODUCT,
            "reason": MEMBER,
        },
        AFTER_CALL_QUESTION: {"with_whom": PUT_TOGETHER, "on_day": PRODUCT, "after_call_link": PRODUCT},
        THANKS_OUTCOME: {
            **dict.fromkeys(("headline", "thanks", "prospect", "note"), MEMBER),
            **dict.fromkeys(("kind", "impact_link"), PRODUCT),
        },
    },
    given_by_strangers={REQUEST_UPDATE: ("who", "helper"), NEW_TIMES: ("note",)},
    signed_rows={
        CallLinkPurpose.SLOT: "meetings",
        CallLinkPurpose.TIMES: "meetings",
        CallLinkPurpose.CALL: "meetings",
        CallLinkPurpose.AFTER_CALL: "meeting_answers",
        CallLinkPurpose.CALENDAR: "meeting_answers",
    },
    more_pages={
        "references.show": "/requests/{askable}",
        "new_request.new": "/requests/new?deal={deals}",
        "new_request.off_platform": "/requests/new/off-platform?deal={deals}",
    },
)
