"""Letters that left by an account which is not the workspace's any more: no news of them can be counted on.

Those whose fate is unknown go to a person at once. Those that are being sent this moment, and those that staff never
see, are marked: settling finds no gateway of theirs that could still tell.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.gateways.mail import WAYS, Settling
from portal.outreach.kinds import HIDDEN
from portal.outreach.models import Hold, Letter, LetterState
from portal.regions import shown
from tenants.clock import utc_now

FORMER = "former account"  # in the place of a gateway's name
UNHEARD = shown(
    "It left by the former SendGrid account, which tells us nothing any more. It may have arrived."
)
SILENTLY = {"synchronize_session": False}  # these rows are not read again in this session


def ask_people(session: Session) -> int:
    """How many letters need somebody now."""
    news = Letter.gateway.in_([name for name, way in WAYS.items() if way is Settling.EVENTS])
    on_the_way = Letter.state.in_((LetterState.SENDING, LetterState.UNKNOWN))
    theirs = (
        select(Letter.id).where(on_the_way, news).order_by(Letter.id).with_for_update()
    )  # events lock so, too
    marked = update(Letter).where(Letter.id.in_(session.scalars(theirs).all())).values(gateway=FORMER)
    session.execute(marked, execution_options=SILENTLY)
    unknown = update(Letter).where(Letter.state == LetterState.UNKNOWN, Letter.gateway == FORMER)
    session.execute(unknown.values(due_at=utc_now(), why=UNHEARD), execution_options=SILENTLY)
    held = {"state": LetterState.HELD, "held_for": Hold.DOUBT, "due_at": None}
    asked = unknown.where(Letter.kind.not_in(HIDDEN)).values(held)
    return session.execute(asked, execution_options=SILENTLY).rowcount  # type: ignore[attr-defined, no-any-return]
