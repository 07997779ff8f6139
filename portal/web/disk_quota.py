"""Disk for what is buffered: so many megabytes for all web processes of this user on this host together.

A slot is a megabyte, taken by locking one byte of a file that all of them share. What a process held is free again
when it ends, however it ends: the kernel lets go of its locks. In the file each slot bears the mark of who holds it, so
that nobody gets more than a share, whichever processes they send to.
"""

import fcntl
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock

SLOT = 1024 * 1024  # bytes
ANONYMOUS_SHARE = 4  # a quarter is all that programs without a cookie get, and one address half of that
SIGNED_IN_SHARE = 4  # a quarter for one signed cookie
RESERVED_SHARE = 8  # an eighth for answers alone, another one for strangers and answers
MARK_BYTES = 8  # bytes
NO_HOLDER = bytes(MARK_BYTES)


class QuotaExceeded(Exception):
    """Every slot is taken, or every slot that one sender may have."""


@dataclass(frozen=True)
class QuotaHolder:
    """Whose body it is: the value of a signed cookie, or a stranger's address."""

    name: str
    is_anonymous: bool

    @cached_property
    def mark(self) -> bytes:
        return sha256(f"{self.is_anonymous} {self.name}".encode()).digest()[:MARK_BYTES]


def quota_file() -> Path:
    return Path(tempfile.gettempdir()) / f"goodword-room-{os.geteuid()}"


class DiskQuota:
    """The slots of one process. Its two threads ask: the one that buffers, the one that makes pages."""

    def __init__(self, slots: int, file: Path) -> None:
        self.slots, self.file = slots, file
        self.taken: set[int] = set()  # a process never refuses itself a lock, so it has to remember
        self.lock = Lock()
        self.descriptor = -1

    def acquire(self, holder: QuotaHolder | None = None) -> int:
        """Return a slot, for an answer where there is no holder; raise QuotaExceeded."""
        with self.lock:
            if holder and self._slots_of(holder) >= self._share(holder):
                raise QuotaExceeded
            for slot in self._available_slots(holder):
                if slot not in self.taken and self._try_lock(slot):
                    self.taken.add(slot)
                    os.pwrite(self.descriptor, holder.mark if holder else NO_HOLDER, slot * MARK_BYTES)
                    return slot
        raise QuotaExceeded

    def release(self, slot: int) -> None:
        with self.lock:
            self.taken.remove(slot)
            fcntl.lockf(self.descriptor, fcntl.LOCK_UN, 1, slot)

    def _available_slots(self, holder: QuotaHolder | None) -> range:
        """Strangers from below, all others from above: what is theirs is filled last."""
        if holder is None:
            return range(self.slots)[::-1]
        if holder.is_anonymous:
            return range(max(1, self.slots // ANONYMOUS_SHARE))
        reserved = self.slots // RESERVED_SHARE
        return range(reserved, self.slots - reserved)[::-1]

    def _share(self, holder: QuotaHolder) -> int:
        return max(1, self.slots // (ANONYMOUS_SHARE * 2 if holder.is_anonymous else SIGNED_IN_SHARE))

    def _slots_of(self, holder: QuotaHolder) -> int:
        """In all processes. What a dead one left behind bears a mark and no lock."""
        self._open()
        marks = os.pread(self.descriptor, self.slots * MARK_BYTES, 0)
        marked = [
            slot
            for slot in range(self.slots)
            if marks[slot * MARK_BYTES : (slot + 1) * MARK_BYTES] == holder.mark
        ]
        return sum(slot in self.taken or not self._is_free(slot) for slot in marked)

    def _is_free(self, slot: int) -> bool:
        if not self._try_lock(slot):
            return False
        fcntl.lockf(self.descriptor, fcntl.LOCK_UN, 1, slot)
        return True

    def _open(self) -> None:
        if self.descriptor < 0:
            self.descriptor = _open_file(self.file)

    def _try_lock(self, slot: int) -> bool:
        self._open()
        try:
            fcntl.lockf(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, slot)
        except (BlockingIOError, PermissionError):
            return False
        return True


def _open_file(file: Path) -> int:
    """It stays open: closing it once would let go of every lock of the process."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if os.fstat(descriptor).st_uid != os.geteuid():
        os.close(descriptor)
        raise PermissionError(f"{file} belongs to somebody else")
    return descriptor
