"""How events speak: kinds, states, sources and what the history says, translated when shown."""

from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.events.agenda_models import MaterialMoment
from portal.events.attendance_models import AttendanceMatch, AttendancePlatform
from portal.events.guest_models import AttendanceSource, GuestSource
from portal.events.history_actions import EventAction, GuestAction
from portal.events.lifecycles import EventState, GuestState, PlaceState
from portal.events.models import EventFormat, EventKind, GuestListVisibility, QuestionType, RegistrationMode
from portal.i18n import mark
from portal.web.refusal_text import name_states

KINDS = {
    EventKind.WEBINAR: _l("Webinar"),
    EventKind.ROUNDTABLE: _l("Roundtable"),
    EventKind.USER_GROUP: _l("User group"),
    EventKind.DINNER: _l("Dinner"),
    EventKind.CONFERENCE: _l("Conference"),
    EventKind.BOARD_MEETING: _l("Board meeting"),
}
FORMATS = {
    EventFormat.IN_PERSON: _l("In person"),
    EventFormat.ONLINE: _l("Online"),
    EventFormat.HYBRID: _l("In person and online"),
}
REGISTRATIONS = {
    RegistrationMode.INVITED_ONLY: _l("By invitation only"),
    RegistrationMode.CUSTOMERS: _l("Public page: customers are in at once, others when you approve"),
    RegistrationMode.EVERYBODY: _l("Public page: everybody is in at once"),
}
GUEST_LISTS = {
    GuestListVisibility.HOSTS: _l("Only the hosts"),
    GuestListVisibility.GUESTS: _l("Guests who come see those who agreed to it"),
}
MATERIAL_MOMENTS = {
    MaterialMoment.BEFORE: _l("Before the event, for those who come"),
    MaterialMoment.AFTER: _l("After the event, for everybody who was invited"),
    MaterialMoment.AFTER_FOR_ATTENDED: _l("After the event, for those who were there"),
}
QUESTION_TYPES = {
    QuestionType.TEXT: _l("In words"),
    QuestionType.CHOICE: _l("One of a few answers"),
    QuestionType.YES_NO: _l("Yes or no"),
}
STATES = {
    EventState.DRAFT: StatusBadge(_l("Draft"), "", "pencil"),
    EventState.OPEN: StatusBadge(_l("Open"), "now", "circle-dot"),
    EventState.CANCELLED: StatusBadge(_l("Canceled"), "bad", "circle-x"),
    EventState.CLOSED: StatusBadge(_l("Records closed"), "", "circle-check"),
}
name_states(STATES)
GUEST_STATES = {
    GuestState.LISTED: StatusBadge(_l("Not invited"), "", "user"),
    GuestState.UNCONFIRMED: StatusBadge(_l("Address not confirmed"), "", "mail"),
    GuestState.REQUESTED: StatusBadge(_l("Waits for approval"), "wait", "clock"),
    GuestState.REFUSED: StatusBadge(_l("Not approved"), "", "circle-x"),
    GuestState.INVITED: StatusBadge(_l("Silent"), "", "mail"),
    GuestState.MAYBE: StatusBadge(_l("Maybe"), "wait", "help-circle"),
    GuestState.ACCEPTED: StatusBadge(_l("Coming"), "good", "circle-check"),
    GuestState.DECLINED: StatusBadge(_l("Declined"), "", "circle-x"),
    GuestState.WAITLISTED: StatusBadge(_l("On the wait list"), "wait", "clock"),
    GuestState.OFFERED: StatusBadge(_l("Seat offered"), "now", "circle-dot"),
    GuestState.LAPSED: StatusBadge(_l("Offer ran out"), "", "clock"),
    GuestState.CANCELLED: StatusBadge(_l("Can’t come anymore"), "", "circle-x"),
    GuestState.REMOVED: StatusBadge(_l("Taken off the list"), "", "circle-x"),
}
name_states(GUEST_STATES)
PLACE_STATES = {
    PlaceState.WISHED: _l("Picked, once they have a seat"),
    PlaceState.TAKEN: _l("Has a place"),
    PlaceState.WAITING: _l("Waits for a place"),
    PlaceState.OFFERED: _l("Place offered"),
    PlaceState.LAPSED: _l("Offer of a place ran out"),
    PlaceState.GIVEN_UP: _l("Gave the place up"),
}
name_states(PLACE_STATES)
SOURCES = {
    GuestSource.ASKED: _l("Invited"),
    GuestSource.REGISTERED: _l("Registered"),
    GuestSource.FORWARDED: _l("Through somebody else’s link"),
    GuestSource.FILE: _l("From a file"),
    GuestSource.WALK_IN: _l("Walked in"),
    GuestSource.PLUS_ONE: _l("Came along with a guest"),
    GuestSource.SPEAKER: _l("Speaks"),
}
ATTENDANCE_SOURCES = {
    AttendanceSource.DOOR: _l("Checked in at the door"),
    AttendanceSource.JOIN_PAGE: _l("Joined online"),
    AttendanceSource.FILE: _l("In a file of attendance"),
    AttendanceSource.BY_HAND: _l("Entered by hand"),
}
PLATFORMS = {
    AttendancePlatform.ZOOM: "Zoom",
    AttendancePlatform.TEAMS: "Microsoft Teams",
    AttendancePlatform.GOTO: "GoTo",
}
MATCHES = {
    AttendanceMatch.MATCHED: _l("Was there"),
    AttendanceMatch.UNMATCHED: _l("Who is this?"),
    AttendanceMatch.TOO_SHORT: _l("Too short to count"),
    AttendanceMatch.IGNORED: _l("Not a guest"),
}
HISTORY_ACTIONS = {
    EventAction.OPENED: _l("Opened"),
    EventAction.CHANGED: _l("Changed"),
    EventAction.MOVED: _l("Moved to another time or place"),
    EventAction.CAPACITY_CHANGED: _l("Number of seats changed"),
    EventAction.CANCELLED: _l("Canceled"),
    EventAction.CLOSED: _l("Records closed"),
    EventAction.CLONED: _l("Made from another event"),
    EventAction.DOOR_LINK_MADE: _l("Link for the door made"),
    EventAction.DOOR_LINK_REVOKED: _l("Link for the door revoked"),
    EventAction.ATTENDANCE_IMPORTED: _l("File of attendance read"),
    EventAction.MESSAGED: _l("Wrote to guests"),
    EventAction.REMINDED: _l("Reminded the silent"),
}
GUEST_HISTORY_ACTIONS = {
    GuestAction.APPROVED: _l("Approved"),
    GuestAction.REFUSED: _l("Not approved"),
    GuestAction.REMOVED: _l("Taken off the list"),
    GuestAction.PRIORITIZED: _l("Put first in line"),
    GuestAction.ANSWERED_FOR: _l("Answer entered for them"),
    GuestAction.OFFERED: _l("Seat offered"),
    GuestAction.LAPSED: _l("Offer ran out"),
    GuestAction.SKIPPED: _l("Offer passed on: its email couldn’t be sent"),
    GuestAction.SEAT_TAKEN_BACK: _l("Seat taken back: there are fewer now"),
    GuestAction.TRANSFERRED: _l("Gave the seat to a colleague"),
    GuestAction.CHECKED_IN: _l("Checked in"),
    GuestAction.CHECK_IN_UNDONE: _l("Check-in undone"),
    GuestAction.CHECKED_OUT: _l("Checked out"),
    GuestAction.ATTENDANCE_CORRECTED: _l("Attendance corrected after the records closed"),
}
ALREADY_A_GUEST = WithdrawalReason("already_a_guest", mark("They had registered for the event already."))
EVENT_CANCELLED = WithdrawalReason("event_cancelled", mark("The event was canceled."))
TAKEN_OFF_THE_LIST = WithdrawalReason("taken_off_the_list", mark("They were taken off the guest list."))
