"""The work of the queue `messages`: what providers told, the outbox, sequences, checks of senders, long lists."""

from jobs import delivery_events, dns, keys, list_figures, names, outbox_worker, sequences
from portal.gateways.queue import WorkQueue


def work() -> None:
    delivery_events.handle()
    outbox_worker.drain(WorkQueue.MESSAGES)
    sequences.run_due()
    dns.check_due()
    keys.check_due()
    names.fold_due()
    list_figures.count_due()
