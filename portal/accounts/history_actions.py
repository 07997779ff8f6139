"""What the history says happened to an account."""

from enum import StrEnum


class AccountAction(StrEnum):
    ADDED = "added"
    EDITED = "edited"
