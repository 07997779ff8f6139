"""Disk for what is buffered: so many megabytes for all web processes of this user on this host together.

A slot is a megabyte, taken by locking one byte of a file that all of them share. What a process held is free again
when it ends, however it ends: the kernel lets go of its locks.
"""

import fcntl
import os
import tempfile
from pathlib import Path
from threading import Lock

SLOT = 1024 * 1024  # bytes
STRANGERS_SHARE = 4  # a quarter: programs that call with large bodies and no cookie never fill the room


class NoRoom(Exception):
    """Every slot is taken."""


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

    def take(self, *, stranger: bool = False) -> int:
        """A slot; raises NoRoom."""
        with self.lock:
            for slot in range(self._open_to(stranger)):
                if slot not in self.taken and self._locks(slot):
                    self.taken.add(slot)
                    return slot
        raise NoRoom

    def give_back(self, slot: int) -> None:
        with self.lock:
            self.taken.remove(slot)
            fcntl.lockf(self.descriptor, fcntl.LOCK_UN, 1, slot)

    def _open_to(self, stranger: bool) -> int:
        return max(1, self.slots // STRANGERS_SHARE) if stranger else self.slots

    def _locks(self, slot: int) -> bool:
        if self.descriptor < 0:
            self.descriptor = _opened(self.file)
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
