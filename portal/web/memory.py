"""Memory for bodies that are too small for the room: so many bytes in one process, counted as they arrive."""

from collections import Counter

from portal.web.caps import MB
from portal.web.room import Holder, NoRoom

BYTES = 128 * MB
STRANGERS = Holder("", is_stranger=True)


class Memory:
    """For the event loop alone. All strangers together get half of it, a signed cookie a quarter."""

    def __init__(self, size: int = BYTES) -> None:
        self.size = size
        self.taken: Counter[Holder] = Counter()

    def take(self, holder: Holder, size: int) -> None:
        """Raises NoRoom."""
        who, share = (STRANGERS, 2) if holder.is_stranger else (holder, 4)
        if self.taken.total() + size > self.size or self.taken[who] + size > self.size // share:
            raise NoRoom
        self.taken[who] += size

    def give_back(self, holder: Holder, size: int) -> None:
        who = STRANGERS if holder.is_stranger else holder
        self.taken[who] -= size
        if not self.taken[who]:
            del self.taken[who]
