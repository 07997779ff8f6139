"""What counts as active, everywhere."""

from portal.policies import declare

ACTIVE_DAYS = declare(
    "advocates.active_days",
    180,
    "Days for which helping once makes an advocate active",
    "",
    low=30,
    high=730,
)
