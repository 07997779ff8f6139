"""When a second person has to approve, as settings of the workspace."""

from portal.policies import declare

APPROVAL_ABOVE = declare(
    "campaigns.approval_above",
    250,
    "People who can be asked at once without a second person’s approval",
    "Above this number another manager or admin has to approve.",
    high=100_000,
)
STAND_IN_HOURS = declare(
    "campaigns.stand_in_hours",
    24,
    "Hours until someone can stand in for an approver who is away",
    "Then every other manager and admin can approve. If the approver has left, they can at once.",
    low=0,
    high=336,
)
