"""Memory for bodies that are too small for the room: so many bytes in one process, counted as they arrive."""

from collections import Counter

from portal.web.body_limits import MB
from portal.web.disk_quota import QuotaExceeded, QuotaHolder

TOTAL_BYTES = 128 * MB
SIGNED_IN_SHARE = 4  # a quarter for one sender
ANONYMOUS_SHARE = 2  # half of it for all without a cookie together


class MemoryQuota:
    """For the event loop alone."""

    def __init__(self, size: int = TOTAL_BYTES) -> None:
        self.size = size
        self.held_by: Counter[QuotaHolder] = Counter()
        self.taken = self.held_by_anonymous = 0  # kept beside, as thousands may hold some

    def acquire(self, holder: QuotaHolder, size: int) -> None:
        """Take room, or raise QuotaExceeded and take nothing."""
        if (
            self.taken + size > self.size
            or self.held_by[holder] + size > self.size // SIGNED_IN_SHARE
            or (holder.is_anonymous and self.held_by_anonymous + size > self.size // ANONYMOUS_SHARE)
        ):
            raise QuotaExceeded
        self._change(holder, size)

    def release(self, holder: QuotaHolder, size: int) -> None:
        self._change(holder, -size)

    def _change(self, holder: QuotaHolder, size: int) -> None:
        self.held_by[holder] += size
        self.taken += size
        self.held_by_anonymous += size if holder.is_anonymous else 0
        if not self.held_by[holder]:
            del self.held_by[holder]
