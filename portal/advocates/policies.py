"""What counts as active, everywhere."""

from portal.policies import declare

ACTIVE_DAYS = declare(
    "advocates.active_days",
    180,
    "Days an advocate counts as active after helping once",
    "",
    low=30,
    high=730,
)
