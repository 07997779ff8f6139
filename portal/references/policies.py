"""The desk's settings: how fast it promises to be, and when a name is released."""

from portal.policies import declare

FIRST_RESPONSE_DAYS = declare(
    "references.first_response_days",
    1,
    "Working days to a first answer",
    "From sending a request to the desk's first word to the rep.",
    low=1,
    high=30,
)
FIRST_ASK_DAYS = declare(
    "references.first_ask_days",
    2,
    "Working days until a candidate is named",
    "From sending a request to the first advocate asked.",
    low=1,
    high=60,
)
DELIVERY_DAYS = declare(
    "references.delivery_days",
    10,
    "Working days until the reference is delivered",
    "From sending a request to the call held, or the text handed over.",
    low=1,
    high=120,
)
ANSWER_DAYS = declare(
    "references.answer_days",
    3,
    "Working days an advocate has to answer",
    "After that the ask expires and somebody else is asked.",
    low=1,
    high=30,
)
FEEDBACK_WAIT_DAYS = declare(
    "references.feedback_wait_days",
    3,
    "Working days to wait for the second answer after a call",
    "Then the answer that was given decides.",
    low=1,
    high=30,
)
PAUSE_MINUTES = declare(
    "references.pause_minutes",
    15,
    "Minutes between two calls of one person",
    "No time is offered or picked that is closer to another call of that person.",
    low=0,
    high=240,
)
PUBLIC_HOLIDAYS = declare(
    "references.public_holidays",
    1,
    "Public holidays stop the clock",
    "Those of the country of the workspace's time zone.",
    low=0,
    high=1,
)
NAME_AFTER_YES = declare(
    "references.name_after_yes",
    1,
    "Reps see the name once the advocate said yes",
    "Before that, and always when this is off, a rep sees only role, field and size.",
    low=0,
    high=1,
)
