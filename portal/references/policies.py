"""The desk's settings: how fast it promises to be, and when a name is released."""

from portal.policies import declare

FIRST_RESPONSE_DAYS = declare(
    "references.first_response_days",
    1,
    "Working days to the first response",
    "From when a request is sent to the program team’s first response to the rep.",
    low=1,
    high=30,
)
FIRST_ASK_DAYS = declare(
    "references.first_ask_days",
    2,
    "Working days until an advocate is asked",
    "From when a request is sent until the first advocate is asked.",
    low=1,
    high=60,
)
DELIVERY_DAYS = declare(
    "references.delivery_days",
    10,
    "Working days until the reference is delivered",
    "From when a request is sent until the call takes place or the text is delivered.",
    low=1,
    high=120,
)
ANSWER_DAYS = declare(
    "references.answer_days",
    3,
    "Working days an advocate has to answer",
    "After that, the ask expires and someone else can be asked.",
    low=1,
    high=30,
)
FEEDBACK_WAIT_DAYS = declare(
    "references.feedback_wait_days",
    3,
    "Working days to wait for the second answer after a call",
    "After that, we go by the answer we have.",
    low=1,
    high=30,
)
PAUSE_MINUTES = declare(
    "references.pause_minutes",
    15,
    "Minutes between two calls with the same person",
    "Times closer than this to another of their calls can’t be offered or picked.",
    low=0,
    high=240,
)
PUBLIC_HOLIDAYS = declare(
    "references.public_holidays",
    1,
    "Public holidays stop the clock",
    "The public holidays in the country of your workspace’s time zone.",
    low=0,
    high=1,
)
NAME_AFTER_YES = declare(
    "references.name_after_yes",
    1,
    "Reps see the name once the advocate says yes",
    "Before that, and always when this is off, reps see only the role, industry and company size.",
    low=0,
    high=1,
)
