"""How bad a day it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    emails: int = 10_000
    evening: int = (
        0  # of them, written one by one after the last trouble: their news settles what is unknown by then
    )
    workers: int = 4
    kills: int = 50  # of a worker, by SIGKILL
    wipes: int = 10  # of all that Redis holds
    redis_kills: int = 5
    postgres_restarts: int = 5  # immediate: no checkpoint, no good-byes
    pause: float = 2.5  # seconds between two troubles, on average
    silent: bool = False  # does SendGrid tell us nothing of emails?
    suppressed: float = 0.01  # share of emails whose reader is suppressed after they were queued
    unknown: int = 20  # seconds; settings of the same names
    silence: int = 60
    lease: int = 8
    warm: bool = False  # are workers and ticker forked from a process that has imported everything?
    seed: int = 7
    arriving: float = 0.95  # share of the emails that must arrive; the others are suppressed or unknown

    @property
    def troubles(self) -> list[str]:
        return (
            ["kill"] * self.kills
            + ["wipe"] * self.wipes
            + ["redis"] * self.redis_kills
            + ["postgres"] * self.postgres_restarts
        )


WORST_DAY = Scenario()
SILENT = 0.5  # of the emails arrive where nothing is heard of them
SHORT = Scenario(
    emails=400,
    evening=30,
    workers=2,
    kills=4,
    wipes=1,
    redis_kills=1,
    postgres_restarts=1,
    pause=1.5,
    warm=True,
)
