"""How many sign-in emails somebody can cause. Nothing but sign-ins counts here, so nothing else locks anybody out."""

from sqlalchemy.orm import Session

from portal.errors import Throttled
from portal.signin.rate_limits import HOUR, MINUTE, Limit, end_wait, network, take

# whoever asks all the time for somebody else uses up no hour: the next email is never far
ADDRESS = Limit("sign-in address", 10, HOUR, apart=MINUTE, close=4, later=9 * MINUTE)
BROWSER = Limit("sign-in browser", 10, HOUR, apart=MINUTE)
CLICKS = Limit("known browser", 60, HOUR)
SOURCE = Limit("sign-in source", 300, HOUR)


def may_send(session: Session, email_norm: str, source: str, known_browser: str = "") -> bool:
    """May one more email go to this address? A browser in which its person signed in before has its own allowance,
    which no stranger can use up.

    Raises Throttled where a network asked too often: that is decided before the address is looked at, so it tells
    nothing about any address, and who floods us causes no further work.
    """
    if known_browser:
        _insist(take(session, CLICKS, known_browser))
        return take(session, BROWSER, known_browser, email_norm)
    _insist(take(session, SOURCE, network(source)))
    return take(session, ADDRESS, email_norm)


def came_in(session: Session, email_norm: str, known_browser: str) -> None:
    """Who used the last email and signs out may have the next one at once."""
    end_wait(session, BROWSER, known_browser, email_norm)
    end_wait(session, ADDRESS, email_norm)


def _insist(has_room: bool) -> None:
    if not has_room:
        raise Throttled(
            "Too many sign-in emails were asked for from your network. The newest one still works; "
            "a new one can be asked for in an hour, or at once from another network or a browser you used before."
        )
