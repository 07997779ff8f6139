"""Memory for bodies that are too small for the room: so many bytes in one process, counted as they arrive."""

from collections import Counter

from portal.web.caps import MB
from portal.web.room import Holder, NoRoom

BYTES = 128 * MB
SHARE = 4  # a quarter for one sender
STRANGERS = 2  # half of it for all without a cookie together


class Memory:
    """For the event loop alone."""

    def __init__(self, size: int = BYTES) -> None:
        self.size = size
        self.held: Counter[Holder] = Counter()
        self.taken = self.by_strangers = 0  # kept beside, as thousands may hold some

    def take(self, holder: Holder, size: int) -> None:
        """Raises NoRoom, and then nothing is taken."""
        if (
            self.taken + size > self.size
            or self.held[holder] + size > self.size // SHARE
            or (holder.is_stranger and self.by_strangers + size > self.size // STRANGERS)
        ):
            raise NoRoom
        self._change(holder, size)

    def give_back(self, holder: Holder, size: int) -> None:
        self._change(holder, -size)

    def _change(self, holder: Holder, size: int) -> None:
        self.held[holder] += size
        self.taken += size
        self.by_strangers += size if holder.is_stranger else 0
        if not self.held[holder]:
            del self.held[holder]
