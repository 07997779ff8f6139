"""Sign-in letters have a queue and a worker of their own, so that no campaign ever delays somebody's way in."""

from jobs import mail, relay
from jobs.shift import Shift
from portal.gateways.bell import Worker


def work() -> None:
    shift = Shift()
    relay.drain(Worker.SIGN_IN, shift)
    mail.send(Worker.SIGN_IN, shift)
