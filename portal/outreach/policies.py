"""When and how often a workspace sends email (docs/domain.md, Emails)."""

from portal.i18n import mark
from portal.policies import declare, declare_order

SEND_FROM_HOUR = declare(
    "outreach.send_from_hour",
    8,
    "Send emails from this hour",
    "In the recipient’s time zone. Invitations and program emails wait for it; what people request is sent "
    "right away.",
    high=23,
)
SEND_UNTIL_HOUR = declare(
    "outreach.send_until_hour",
    18,
    "Until this hour",
    "In the recipient’s time zone. The same hour in both means any time of day.",
    high=24,
)
declare_order(
    SEND_UNTIL_HOUR,
    SEND_FROM_HOUR,
    mark("Please choose an hour after the first, or the same one for any time of day."),
)
WEEKDAYS_ONLY = declare(
    "outreach.weekdays_only",
    1,
    "Only Monday to Friday",
    high=1,
)
EMAILS_PER_WEEK = declare(
    "outreach.emails_per_week",
    3,
    "Program emails to one person in 7 days",
    "More emails wait until the oldest is a week old.",
    low=1,
    high=50,
)
EMAILS_PER_MONTH = declare(
    "outreach.emails_per_month",
    8,
    "Program emails to one person in 30 days",
    low=1,
    high=200,
)
declare_order(EMAILS_PER_MONTH, EMAILS_PER_WEEK, mark("Please choose at least as many as in 7 days."))
EMAILS_PER_DAY = declare(
    "outreach.emails_per_day",
    20_000,
    "Invitations and program emails per day, whole workspace",
    "The rest wait for the next day.",
    low=1,
    high=2_000_000,
)
ALARM_MINUTES = declare(
    "outreach.alarm_minutes",
    15,
    "Minutes an email may wait before we raise an alarm",
    low=1,
    high=1440,
)
