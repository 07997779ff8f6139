"""The work of the queue `messages`: what providers told, the outbox, steps of sequences, checks of senders."""

from jobs import delivery_events, dns, keys, outbox_worker, sequences
from portal.gateways.queue import WorkQueue


def work() -> None:
    delivery_events.handle()
    outbox_worker.drain(WorkQueue.MESSAGES)
    sequences.run_due()
    dns.check_due()
    keys.check_due()
