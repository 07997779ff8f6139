"""Sign-in emails have a queue and a worker of their own, so that no campaign ever delays signing in."""

from jobs import mail, outbox_worker
from jobs.time_budget import TimeBudget
from portal.gateways.queue import WorkQueue


def work() -> None:
    budget = TimeBudget()
    outbox_worker.drain(WorkQueue.SIGN_IN, budget)
    mail.send(WorkQueue.SIGN_IN, budget)
