"""The business says no in its own words; `portal/web/errors.py` alone knows status codes."""


class DomainError(Exception):
    """Understood and refused. The message is written for the person who asked, and translated when shown."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message, params)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params


class NotFound(DomainError):
    """It is not in this workspace, or nowhere."""


class NotAllowed(DomainError):
    """The role may not do this."""


class Conflict(DomainError):
    """Somebody was quicker, or the page was stale."""


class Throttled(DomainError):
    """Too many emails asked for in too short a time."""


class Unavailable(DomainError):
    """A service we stand on is away."""


class BadLink(DomainError):
    """The link is wrong, revoked or too old."""
