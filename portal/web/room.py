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
STRANGERS = 4  # a quarter is all that programs without a cookie get, and one address half of that
SHARE = 4  # a quarter for one signed cookie
RESERVED = 8  # an eighth for answers alone, another one for strangers and answers
MARK = 8  # bytes
NOBODY = bytes(MARK)


class NoRoom(Exception):
    """Every slot is taken, or every slot that one sender may have."""


@dataclass(frozen=True)
class Holder:
    """Whose body it is: the value of a signed cookie, or a stranger's address."""

    name: str
    is_stranger: bool

    @cached_property
    def mark(self) -> bytes:
        return sha256(f"{self.is_stranger} {self.name}".encode()).digest()[:MARK]


def shared_file() -> Path:
    """In TMPDIR, where the bodies wait, too."""
    return Path(tempfile.gettempdir()) / f"goodword-room-{os.geteuid()}"


class Room:
    """The slots of one process. Its two threads ask: the one that buffers, the one that makes pages."""

    def __init__(self, slots: int, file: Path) -> None:
        self.slots, self.file = slots, file
        self.taken: set[int] = set()  # a process never refuses itself a lock, so it has to remember
        self.lock = Lock()
        self.descriptor = -1

    def take(self, holder: Holder | None = None) -> int:
        """A slot, for an answer where there is no holder; raises NoRoom."""
        with self.lock:
            if holder and self._held_by(holder) >= self._share(holder):
                raise NoRoom
            for slot in self._open_to(holder):
                if slot not in self.taken and self._locks(slot):
                    self.taken.add(slot)
                    os.pwrite(self.descriptor, holder.mark if holder else NOBODY, slot * MARK)
                    return slot
        raise NoRoom

    def give_back(self, slot: int) -> None:
        with self.lock:
            self.taken.remove(slot)
            fcntl.lockf(self.descriptor, fcntl.LOCK_UN, 1, slot)

    def _open_to(self, holder: Holder | None) -> range:
        """Strangers from below, all others from above: what is theirs is filled last."""
        if holder is None:
            return range(self.slots)[::-1]
        if holder.is_stranger:
            return range(max(1, self.slots // STRANGERS))
        reserved = self.slots // RESERVED
        return range(reserved, self.slots - reserved)[::-1]

    def _share(self, holder: Holder) -> int:
        return max(1, self.slots // (STRANGERS * 2 if holder.is_stranger else SHARE))

    def _held_by(self, holder: Holder) -> int:
        """In all processes. What a dead one left behind bears a mark and no lock."""
        self._open()
        marks = os.pread(self.descriptor, self.slots * MARK, 0)
        marked = [slot for slot in range(self.slots) if marks[slot * MARK : (slot + 1) * MARK] == holder.mark]
        return sum(slot in self.taken or not self._is_free(slot) for slot in marked)

    def _is_free(self, slot: int) -> bool:
        if not self._locks(slot):
            return False
        fcntl.lockf(self.descriptor, fcntl.LOCK_UN, 1, slot)
        return True

    def _open(self) -> None:
        if self.descriptor < 0:
            self.descriptor = _opened(self.file)

    def _locks(self, slot: int) -> bool:
        self._open()
        try:
            fcntl.lockf(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, slot)
        except (BlockingIOError, PermissionError):
            return False
        return True


def _opened(file: Path) -> int:
    """It stays open: closing it once would let go of every lock of the process."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if os.fstat(descriptor).st_uid != os.geteuid():
        os.close(descriptor)
        raise PermissionError(f"{file} belongs to somebody else")
    return descriptor
