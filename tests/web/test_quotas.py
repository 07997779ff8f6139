"""One sender never takes what others need: each has a share of the room, of the memory, and of the time."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from portal.web.body_limits import ANONYMOUS_LIMIT, KB, MB, BodyLimit
from portal.web.body_reader import BodyPace, BodyReader, BodyRefused
from portal.web.disk_quota import DiskQuota, QuotaExceeded, QuotaHolder
from portal.web.memory_quota import MemoryQuota
from portal.web.refusal_pages import BodyRefusal
from tests.web.test_slow_readers import in_a_loop

SLOTS = 16
ADA, BEN, EVE, JOY, KIM = (
    QuotaHolder(f"cookie of {name}", is_anonymous=False) for name in ("A", "B", "E", "J", "K")
)
HERE, THERE, ELSEWHERE = (QuotaHolder(f"192.0.2.{number}", is_anonymous=True) for number in (1, 2, 3))
TAKE_THREE = """
import sys, time
from pathlib import Path
from portal.web.disk_quota import DiskQuota, QuotaHolder
room = DiskQuota(16, Path(sys.argv[1]))
print(len([room.acquire(QuotaHolder("cookie of A", is_anonymous=False)) for _ in range(3)]), flush=True)
time.sleep(60)
"""


def taken(take: Callable[[], object]) -> int:
    """How often, until there is no more."""
    for number in range(1000):
        try:
            take()
        except QuotaExceeded:
            return number
    raise AssertionError("there is no end to it")


def test_a_cookie_gets_a_quarter_of_the_room_and_answers_and_strangers_keep_theirs(tmp_path: Path) -> None:
    room = DiskQuota(SLOTS, tmp_path / "room")
    assert [taken(partial(room.acquire, who)) for who in (ADA, BEN, EVE, JOY, KIM)] == [4, 4, 4, 0, 0]
    assert taken(lambda: room.acquire(HERE)) == 2
    assert taken(room.acquire) == 2


def test_an_address_gets_half_of_what_strangers_get(tmp_path: Path) -> None:
    room = DiskQuota(SLOTS, tmp_path / "room")
    assert [taken(partial(room.acquire, who)) for who in (HERE, THERE, ELSEWHERE)] == [2, 2, 0]
    assert taken(lambda: room.acquire(ADA)) == 4


def test_a_share_is_one_for_all_processes_and_ends_with_them(tmp_path: Path) -> None:
    room = DiskQuota(SLOTS, tmp_path / "room")
    words = [sys.executable, "-c", TAKE_THREE, str(room.file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "3\n"
        assert taken(lambda: room.acquire(ADA)) == 1
        other.kill()
        other.wait()
    assert taken(lambda: room.acquire(ADA)) == 3


def test_small_bodies_have_a_share_of_the_memory() -> None:
    memory = MemoryQuota(64 * KB)
    senders = (HERE, THERE, ELSEWHERE, ADA, BEN, EVE)
    assert [taken(partial(memory.acquire, who, KB)) for who in senders] == [16, 16, 0, 16, 16, 0]
    memory.release(ADA, KB)
    assert [taken(partial(memory.acquire, who, KB)) for who in (HERE, BEN, EVE)] == [0, 0, 1]
    assert MemoryQuota().size == 128 * MB


def asked(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"method": "POST", "path": "/", "headers": headers, "client": ("192.0.2.9", 50_000)}


def intake(folder: Path, *given: Any) -> BodyReader:
    return BodyReader(
        lambda _, path: BodyLimit(MB, anonymous=True),
        "ours".__eq__,
        "gw",
        DiskQuota(SLOTS, folder / "room"),
        *given,
    )


CHUNKED, OURS = (b"transfer-encoding", b"chunked"), (b"cookie", b"gw=ours")


def parts(*sizes: int) -> Callable[[], Any]:
    """A body that comes in parts, and after them byte by byte without an end."""
    rest = list(sizes)

    async def receive() -> dict[str, Any]:
        if rest:
            return {"type": "http.request", "body": b"x" * rest.pop(0), "more_body": True}
        await asyncio.sleep(0.001)
        return {"type": "http.request", "body": b"x", "more_body": True}

    return receive


def refusal(taking: BodyReader, receive: Callable[[], Any], *headers: tuple[bytes, bytes]) -> BodyRefusal:
    async def take() -> BodyRefusal:
        with pytest.raises(BodyRefused) as refused:
            await taking.read_body(asked(CHUNKED, *headers), receive)
        return refused.value.refusal

    return in_a_loop(take())


@pytest.mark.parametrize(
    ("headers", "pace"),
    [((), BodyPace(anonymous=0.05)), ((OURS,), BodyPace(total=0.05, total_rate=1000 * MB))],
    ids=["stranger", "signed in"],
)
def test_a_body_that_keeps_its_pace_still_has_an_end(tmp_path: Path, headers: Any, pace: BodyPace) -> None:
    """And lets go of the room it had."""
    taking = intake(tmp_path, pace)
    assert refusal(taking, parts(ANONYMOUS_LIMIT + 1), *headers) is BodyRefusal.TOO_SLOW
    assert not taking.disk.taken
    assert (taking.memory.taken, taking.memory.held_by_anonymous, taking.memory.held_by) == (0, 0, {})


def test_the_time_for_a_body_goes_by_its_size() -> None:
    assert BodyPace().deadline(200_000_000, stranger=False) == 60 + 4000
    assert BodyPace().deadline(5 * MB, stranger=True) == 30


def test_too_many_small_bodies_are_refused_and_what_moves_to_the_room_is_no_longer_counted(
    tmp_path: Path,
) -> None:
    taking = intake(tmp_path, BodyPace(anonymous=0.05), 0, MemoryQuota(64 * KB))
    assert refusal(taking, parts(16 * KB + 1)) is BodyRefusal.NO_DISK_SPACE
    assert refusal(taking, parts(16 * KB, ANONYMOUS_LIMIT)) is BodyRefusal.TOO_SLOW
    assert (taking.memory.taken, taking.memory.held_by_anonymous, taking.memory.held_by) == (0, 0, {})


def test_a_stranger_is_known_by_the_address_our_proxies_saw(tmp_path: Path) -> None:
    scope = asked((b"x-forwarded-for", b"203.0.113.66, 192.0.2.1"), (b"x-forwarded-for", b"10.0.0.1"))
    names = [intake(tmp_path, BodyPace(), proxies).holder(scope).name for proxies in (0, 1, 2, 4)]
    assert names == ["192.0.2.9", "10.0.0.1", "192.0.2.1", "192.0.2.9"]
    assert intake(tmp_path).holder(asked(OURS)) == QuotaHolder("ours", is_anonymous=False)
