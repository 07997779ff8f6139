"""What counts as active, everywhere."""

from portal.policies import declare

ACTIVE_DAYS = declare(
    "advocates.active_days",
    180,
    "Days in which one act makes an advocate active",
    "",
    low=30,
    high=730,
)
