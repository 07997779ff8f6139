"""Why a file can't be imported."""

from portal.errors import DomainError


class UnreadableFile(DomainError):
    """This file can't be imported, and the message says why."""
