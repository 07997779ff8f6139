"""The demo's events: what they are called, what they cost, and what guests say of them."""

from dataclasses import dataclass, field

from portal.events.models import EventFormat, EventKind


@dataclass(frozen=True, kw_only=True)
class DemoEvent:
    """`days`: from today to the day on which it takes place; `came`: of those who said yes."""

    days: int
    kind: EventKind
    title: str
    description: str
    venue: str
    capacity: int | None
    came: float
    invited: int
    hour: int = 18
    hours: int = 4
    format: EventFormat = EventFormat.IN_PERSON
    join_url: str = ""
    walk_ins: int = 0
    sessions: tuple[tuple[int, str, int | None], ...] = ()  # minutes after the start, title, places
    costs: tuple[tuple[str, int, int], ...] = ()  # label, how many, cents for one
    budget_cents: int = 0
    asks_needs: bool = False
    speakers: tuple[tuple[str, str, str, str], ...] = field(default=())  # name, title, company, topic


PAST = (
    DemoEvent(
        days=-118,
        kind=EventKind.WEBINAR,
        title="What’s new in Ledger Pro",
        description="Forty minutes of new things, twenty of questions.\n\n- Bank imports\n- Approvals\n- Reports",
        venue="",
        capacity=None,
        came=0.62,
        invited=40,
        hour=15,
        hours=1,
        format=EventFormat.ONLINE,
        join_url="https://zoom.example/j/5512",
        costs=(("Captions and recording", 1, 48000),),
        budget_cents=80000,
    ),
    DemoEvent(
        days=-83,
        kind=EventKind.ROUNDTABLE,
        title="Intercompany without tears",
        description="Twelve controllers, one table, **no slides**. What works, and what nobody should try again.",
        venue="Speicherstadt, Hamburg",
        capacity=14,
        came=0.7,
        invited=32,
        walk_ins=1,
        sessions=((0, "Arrival", None), (30, "Around the table", None), (150, "Dinner", None)),
        costs=(("Room and dinner", 14, 9500),),
        budget_cents=160000,
        asks_needs=True,
    ),
    DemoEvent(
        days=-47,
        kind=EventKind.USER_GROUP,
        title="User group DACH",
        description="A day among peers: three talks by customers, two workshops, a long break for questions.",
        venue="Kulturbrauerei, Berlin",
        capacity=40,
        came=0.78,
        invited=45,
        hour=10,
        hours=7,
        walk_ins=2,
        sessions=((0, "Opening", None), (60, "Workshop: imports", 15), (60, "Workshop: reports", 15)),
        costs=(("Venue", 1, 240000), ("Catering", 40, 4200)),
        budget_cents=420000,
        asks_needs=True,
        speakers=(("Ada Lindqvist", "VP IT", "Nordwind", "How we moved twelve ledgers into one"),),
    ),
    DemoEvent(
        days=-19,
        kind=EventKind.DINNER,
        title="Dinner with the founders",
        description="Good food and a straight conversation about where the product goes.",
        venue="Restaurant Tulus, Munich",
        capacity=12,
        came=0.85,
        invited=26,
        costs=(("Dinner", 12, 11000),),
        budget_cents=150000,
        asks_needs=True,
    ),
)
NEXT = DemoEvent(
    days=6,
    kind=EventKind.ROUNDTABLE,
    title="Closing in three days",
    description="Three finance teams show how they got there from nine days.\n\n"
    "**Bring one number:** your own days to close.",
    venue="Haus am Ufer, Berlin",
    capacity=12,
    came=0,
    invited=42,
    sessions=(
        (0, "Arrival", None),
        (15, "How Nordwind closes in three days", None),
        (60, "Table: Intercompany", 8),
        (60, "Table: Accruals", 8),
        (135, "Dinner", None),
    ),
    costs=(
        ("Venue and dinner", 12, 9500),
        ("Travel for one speaker", 1, 42000),
        ("Room and sound", 1, 60000),
    ),
    budget_cents=420000,
    asks_needs=True,
    speakers=(("Ada Lindqvist", "VP IT", "Nordwind", "How Nordwind closes in three days"),),
)
FOOD = ("vegetarian", "vegan", "halal", "no_nuts")
NOTES = ("Flight lands at 16:10.", "I’ll leave a little early.", "Please seat me near the door.")
COMMENTS = {
    10: ("Best two hours of the quarter.", "Finally people who do the same work.", "More of this, please."),
    9: ("Good people, good questions.", "Well run, and on time."),
    8: ("Useful. The room was a bit loud.", "Good talks, too short a break."),
    7: ("Fine, though I knew most of it.",),
    5: ("Too many slides for a roundtable.",),
}
WALKED_IN = (("Lena Fischer", "Nordlicht"), ("Carlos Mejía", "Sol Andino"))
