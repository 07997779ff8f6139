"""One sender never takes what others need: each has a share of the room, of the memory, and of the time."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from portal.web.caps import KB, MB, STRANGERS, Cap
from portal.web.intake import Intake, Pace, Refused
from portal.web.memory import Memory
from portal.web.refusals import Refusal
from portal.web.room import Holder, NoRoom, Room
from tests.web.test_slow_readers import in_a_loop

SLOTS = 16
ADA, BEN, EVE, JOY, KIM = (
    Holder(f"cookie of {name}", is_stranger=False) for name in ("A", "B", "E", "J", "K")
)
HERE, THERE, ELSEWHERE = (Holder(f"192.0.2.{number}", is_stranger=True) for number in (1, 2, 3))
TAKE_THREE = """
import sys, time
from pathlib import Path
from portal.web.room import Holder, Room
room = Room(16, Path(sys.argv[1]))
print(len([room.take(Holder("cookie of A", is_stranger=False)) for _ in range(3)]), flush=True)
time.sleep(60)
"""


def taken(take: Callable[[], object]) -> int:
    """How often, until there is no more."""
    for number in range(1000):
        try:
            take()
        except NoRoom:
            return number
    raise AssertionError("there is no end to it")


def test_a_cookie_gets_a_quarter_of_the_room_and_answers_and_strangers_keep_theirs(tmp_path: Path) -> None:
    room = Room(SLOTS, tmp_path / "room")
    assert [taken(partial(room.take, who)) for who in (ADA, BEN, EVE, JOY, KIM)] == [4, 4, 4, 0, 0]
    assert taken(lambda: room.take(HERE)) == 2
    assert taken(room.take) == 2


def test_an_address_gets_half_of_what_strangers_get(tmp_path: Path) -> None:
    room = Room(SLOTS, tmp_path / "room")
    assert [taken(partial(room.take, who)) for who in (HERE, THERE, ELSEWHERE)] == [2, 2, 0]
    assert taken(lambda: room.take(ADA)) == 4


def test_a_share_is_one_for_all_processes_and_ends_with_them(tmp_path: Path) -> None:
    room = Room(SLOTS, tmp_path / "room")
    words = [sys.executable, "-c", TAKE_THREE, str(room.file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "3\n"
        assert taken(lambda: room.take(ADA)) == 1
        other.kill()
        other.wait()
    assert taken(lambda: room.take(ADA)) == 3


def test_small_bodies_have_a_share_of_the_memory() -> None:
    memory = Memory(64 * KB)
    senders = (HERE, THERE, ELSEWHERE, ADA, BEN, EVE)
    assert [taken(partial(memory.take, who, KB)) for who in senders] == [16, 16, 0, 16, 16, 0]
    memory.give_back(ADA, KB)
    assert [taken(partial(memory.take, who, KB)) for who in (HERE, BEN, EVE)] == [0, 0, 1]
    assert Memory().size == 128 * MB


def asked(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"method": "POST", "path": "/", "headers": headers, "client": ("192.0.2.9", 50_000)}


def intake(folder: Path, *given: Any) -> Intake:
    return Intake(
        lambda _, path: Cap(MB, from_anybody=True), "ours".__eq__, "gw", Room(SLOTS, folder / "room"), *given
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


def refusal(taking: Intake, receive: Callable[[], Any], *headers: tuple[bytes, bytes]) -> Refusal:
    async def take() -> Refusal:
        with pytest.raises(Refused) as refused:
            await taking.take(asked(CHUNKED, *headers), receive)
        return refused.value.refusal

    return in_a_loop(take())


@pytest.mark.parametrize(
    ("headers", "pace"),
    [((), Pace(stranger=0.05)), ((OURS,), Pace(whole=0.05, whole_rate=1000 * MB))],
    ids=["stranger", "signed in"],
)
def test_a_body_that_keeps_its_pace_still_has_an_end(tmp_path: Path, headers: Any, pace: Pace) -> None:
    """And lets go of the room it had."""
    taking = intake(tmp_path, pace)
    assert refusal(taking, parts(STRANGERS + 1), *headers) is Refusal.TOO_SLOW
    assert not taking.room.taken
    assert (taking.memory.taken, taking.memory.by_strangers, taking.memory.held) == (0, 0, {})


def test_the_time_for_a_body_goes_by_its_size() -> None:
    assert Pace().deadline(200_000_000, stranger=False) == 60 + 4000
    assert Pace().deadline(5 * MB, stranger=True) == 30


def test_too_many_small_bodies_are_refused_and_what_moves_to_the_room_is_no_longer_counted(
    tmp_path: Path,
) -> None:
    taking = intake(tmp_path, Pace(stranger=0.05), 0, Memory(64 * KB))
    assert refusal(taking, parts(16 * KB + 1)) is Refusal.NO_ROOM
    assert refusal(taking, parts(16 * KB, STRANGERS)) is Refusal.TOO_SLOW
    assert (taking.memory.taken, taking.memory.by_strangers, taking.memory.held) == (0, 0, {})


def test_a_stranger_is_known_by_the_address_our_proxies_saw(tmp_path: Path) -> None:
    scope = asked((b"x-forwarded-for", b"203.0.113.66, 192.0.2.1"), (b"x-forwarded-for", b"10.0.0.1"))
    names = [intake(tmp_path, Pace(), proxies).holder(scope).name for proxies in (0, 1, 2, 4)]
    assert names == ["192.0.2.9", "10.0.0.1", "192.0.2.1", "192.0.2.9"]
    assert intake(tmp_path).holder(asked(OURS)) == Holder("ours", is_stranger=False)
