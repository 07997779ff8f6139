"""How many sign-in emails somebody can cause. Nothing but sign-ins counts here, so nothing else locks anybody out."""

from sqlalchemy.orm import Session

from portal.errors import Throttled
from portal.signin.rate_limits import HOUR, MINUTE, RateRule, clear_spacing, count_use, network

# whoever asks all the time for somebody else uses up no hour: the next email is never far
ADDRESS = RateRule("sign-in address", 10, HOUR, spacing=MINUTE, burst=4, spacing_after_burst=9 * MINUTE)
BROWSER = RateRule("sign-in browser", 10, HOUR, spacing=MINUTE)
KNOWN_BROWSER = RateRule("known browser", 60, HOUR)
SOURCE = RateRule("sign-in source", 300, HOUR)


def count_sign_in_email(session: Session, email_norm: str, source: str, known_browser: str = "") -> bool:
    """Count one more email to this address, if there is room.

    A browser in which its person signed in before has its own allowance, which no stranger can use up. Raise
    Throttled where a network asked too often: that is decided before the address is looked at, so it tells
    nothing about any address, and who floods us causes no further work.
    """
    if known_browser:
        _require(count_use(session, KNOWN_BROWSER, known_browser))
        return count_use(session, BROWSER, known_browser, email_norm)
    _require(count_use(session, SOURCE, network(source)))
    return count_use(session, ADDRESS, email_norm)


def clear_after_sign_in(session: Session, email_norm: str, known_browser: str) -> None:
    clear_spacing(session, BROWSER, known_browser, email_norm)
    clear_spacing(session, ADDRESS, email_norm)


def _require(has_room: bool) -> None:
    if not has_room:
        raise Throttled(
            "Too many sign-in emails were requested from your network. The newest one still works; "
            "you can request a new one in an hour, or right away from another network or a browser you used before."
        )
