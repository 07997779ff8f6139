"""What became of every email: nothing lost, nothing doubled, nobody suppressed written to, no wall crossed."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from tests.chaos.load import Load
from tests.chaos.processes import ProcessGroup

BUSY = """SELECT count(*) FROM emails WHERE state IN ('queued', 'sending', 'unknown')"""
WAITING_EVENTS = "SELECT count(*) FROM received_events WHERE handled_at IS NULL"
ENDED = {"accepted", "delivered", "bounced", "complained", "failed", "held"}


@dataclass(frozen=True)
class Verdict:
    emails: int
    lost: int  # neither accepted nor failed nor held
    doubled: int  # taken twice by the provider
    to_suppressed: int
    crossed: int  # under another workspace's name
    forgotten: int  # taken by the provider, but not known as taken nor held for a person
    states: dict[str, int]
    arriving: float  # share of the emails that must arrive

    @property
    def is_good(self) -> bool:
        """Where the provider tells of its emails nearly all arrive; where it is silent what is unknown is held."""
        wrong = self.lost or self.doubled or self.to_suppressed or self.crossed or self.forgotten
        return not wrong and self.arrived >= self.emails * self.arriving

    @property
    def arrived(self) -> int:
        return sum(self.states.get(state, 0) for state in ("accepted", "delivered"))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def is_idle(town: ProcessGroup) -> bool:
    """No email is on its way and no news of one is: first there, then here, since news comes from there to here."""
    if town.sendgrid.news_waiting():
        return False
    try:
        with psycopg.connect(town.superuser, connect_timeout=10) as connection:
            rows = [connection.execute(query).fetchone() for query in (BUSY, WAITING_EVENTS)]
    except psycopg.OperationalError:
        return False
    return not any(row[0] for row in rows if row)


def verdict(town: ProcessGroup, load: Load) -> Verdict:
    rows = _emails(town)
    taken = town.sendgrid.taken()
    known = {email_id: (tenant_id, state, recipient) for tenant_id, email_id, state, recipient in rows}
    states = Counter(state for _, state, _ in known.values())
    return Verdict(
        emails=len(load.written),
        lost=len(load.written.keys() - known.keys())
        + sum(n for state, n in states.items() if state not in ENDED),
        doubled=sum(times > 1 for times in taken.values()),
        to_suppressed=sum(known[email][2] in load.suppressed for _, email in taken),
        crossed=_crossed(town, load),
        forgotten=sum(known[email][1] == "failed" for _, email in taken),
        states=dict(states),
        arriving=town.day.arriving,
    )


def _crossed(town: ProcessGroup, load: Load) -> int:
    """Each email names its workspace: in the sender, in its text, and in the id the provider knows it by."""
    wrong = 0
    for tenant_id, email_id in town.sendgrid.taken():
        world = load.written[email_id]
        email = town.sendgrid.email(tenant_id, email_id)
        own = email["sender"]["name"] == world.name and email["subject"].endswith(world.name)
        wrong += tenant_id != world.tenant_id or not own
    return wrong


def _emails(town: ProcessGroup) -> list[tuple[Any, ...]]:
    with psycopg.connect(town.superuser) as connection:
        return connection.execute(
            "SELECT tenant_id, id, state, recipient_norm FROM emails WHERE occasion LIKE 'chaos:%'"
        ).fetchall()
