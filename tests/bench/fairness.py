"""Two workspaces, one mail worker: `python -m tests.bench.fairness`. JSON lines, seconds.

One queues 200,000 emails. While they leave, somebody of the other asks for a sign-in link, and it writes 100 ordinary
emails: how long until they have left? Beside it, how long all 200,000 would keep the worker.
"""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import func, select

from jobs.worker_context import open_worker_context
from portal.app import create_app
from portal.declarations.email_content import PageLink, Recipient, SignedLink
from portal.gateways.queue import JobQueue, WorkQueue
from portal.links import LinkPurpose
from portal.outreach.emails import NEW_LINK
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email, EmailState
from portal.signin.emails import SIGN_IN
from tests.bench.mailing import Mailing
from tests.bench.outreach import PATIENCE, stack, workers
from tests.world import World

QUEUED, ORDINARY = 200_000, 100
WARM = 3.0  # seconds the worker is busy before the other workspace comes


def main() -> None:
    with ExitStack() as left, TemporaryDirectory() as folder:
        superuser, settings, _ = stack(Path(folder), left)
        app = create_app(settings)
        mailing, other = Mailing.build(app, superuser, QUEUED), World.build(app, "Globex")
        open_worker_context(settings, JobQueue(settings.redis_url))
        mailing.queue("fair:", QUEUED)
        with workers(settings, WorkQueue.MAIL, WorkQueue.SIGN_IN):
            time.sleep(WARM)
            sent = _sent(mailing.world)
            began = time.perf_counter()
            sign_in = _seconds(other, lambda: _sign_in(other), 1)
            emails = _seconds(other, lambda: _ordinary(other), ORDINARY + 1)
            rate = (_sent(mailing.world) - sent) / (time.perf_counter() - began)
    whole = QUEUED / max(rate, 1)
    _say("outreach_fair_sign_in", sign_in, whole)
    _say("outreach_fair_ordinary_emails", emails, whole)


def _seconds(world: World, act: Callable[[], None], until: int) -> float:
    """From the writing until so many emails of this workspace have left."""
    began = time.perf_counter()
    act()
    while _sent(world) < until:
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError("the other workspace waits too long")
        time.sleep(0.02)
    return time.perf_counter() - began


def _sign_in(world: World) -> None:
    links = {"sign_in": SignedLink(LinkPurpose.SIGN_IN, uuid4())}
    with world.session() as session:
        to = Recipient("dana@globex.example", "Dana")
        compose(session, SIGN_IN, to, "sign_in:bench", links=links, queue=WorkQueue.SIGN_IN)


def _ordinary(world: World) -> None:
    with world.session() as session:
        for number in range(ORDINARY):
            to, links = Recipient(f"reader{number}@globex.example"), {"page": PageLink("my/asks")}
            compose(session, NEW_LINK, to, f"bench:{number}", fields={"what": "it"}, links=links)


def _sent(world: World) -> int:
    with world.session() as session:
        accepted = select(func.count()).where(
            Email.state == EmailState.ACCEPTED, ~Email.occasion.startswith("before:")
        )
        return session.scalar(accepted) or 0


def _say(name: str, seconds: float, whole: float) -> None:
    said = {"name": name, "value": round(seconds, 2), "unit": "s", "ratio": round(seconds / whole, 4)}
    print(json.dumps(said | {"against": round(whole, 1)}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
