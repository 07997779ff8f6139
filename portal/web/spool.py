"""One body on its way in or out: in memory up to a megabyte, then on disk, as long as there is room."""

import io
import tempfile
from typing import BinaryIO, cast

from portal.web.body_limits import ANONYMOUS_LIMIT
from portal.web.disk_quota import SLOT, DiskQuota, QuotaExceeded, QuotaHolder
from portal.web.memory_quota import MemoryQuota

IN_MEMORY = SLOT
MANY_SLOTS = 32  # slots of this process; from there on whatever needs a slot is on disk from the start


class Spool:
    """A buffer for an answer, or with a holder for a request. `free`: bytes that take none of the disk quota."""

    def __init__(
        self, room: DiskQuota, *, free: int = ANONYMOUS_LIMIT, holder: QuotaHolder | None = None
    ) -> None:
        self.disk, self.free, self.holder = room, free, holder
        self.size, self.is_on_disk = 0, False
        self.slots: list[int] = []
        self.file: BinaryIO = io.BytesIO()

    def write(self, part: bytes) -> None:
        self.size += len(part)
        try:
            self._reserve(len(part))
            self.file.write(part)
        except OSError as full:
            raise QuotaExceeded from full

    def _reserve(self, more: int) -> None:
        if self.size <= self.free:
            return
        while len(self.slots) * SLOT < self.size:
            self.slots.append(self.disk.acquire(self.holder))
        if not self.is_on_disk and (self.size > IN_MEMORY or len(self.disk.taken) > MANY_SLOTS):
            self._move_to_disk()

    def _move_to_disk(self) -> None:
        before = cast(io.BytesIO, self.file).getbuffer()
        self.file = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115  (closed below)
        self.file.write(before)
        self.is_on_disk = True

    @property
    def path(self) -> str:
        return f"/dev/fd/{self.file.fileno()}"

    def read_all(self) -> bytes:
        return cast(io.BytesIO, self.file).getvalue()

    def rewind(self) -> BinaryIO:
        self.file.seek(0)
        return self.file

    def close(self) -> None:
        self.file.close()
        while self.slots:
            self.disk.release(self.slots.pop())


class RequestBody(Spool):
    """What somebody sends. As long as it needs no room, it is counted in the memory of this process."""

    def __init__(self, room: DiskQuota, memory: MemoryQuota, holder: QuotaHolder) -> None:
        super().__init__(room, holder=holder)
        self.memory, self.sender, self.counted = memory, holder, 0

    def _reserve(self, more: int) -> None:
        super()._reserve(more)
        if self.slots:
            self._uncount()
        else:
            self.memory.acquire(self.sender, more)
            self.counted += more

    def _uncount(self) -> None:
        self.memory.release(self.sender, self.counted)
        self.counted = 0

    def close(self) -> None:
        super().close()
        self._uncount()
