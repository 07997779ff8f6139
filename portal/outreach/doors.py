"""The last door, asked while a letter is claimed: does what it stands on still hold?

Letters somebody asked for, and invitations, pass. Programme letters need the consent that their purpose names.
"""

from sqlalchemy import ColumnElement, Integer, Uuid, case, cast, column, literal, or_, select, table

from portal.advocates.models import Advocate, State
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Letter, LetterClass

LEFT = "This person is not in the programme any more, so the letter was not sent."
TAKEN_BACK = "This person no longer agrees to what the letter is about, so it was not sent."
OVER = "This ask was answered, ended or changed before the letter left, so it was not sent."

asks = table("asks", column("id", Uuid), column("state"), column("link_version"))  # they live a floor above
reader = select(Advocate.id).where(Advocate.id == Letter.advocate_id).correlate(Letter)
answer = Letter.links["answer"]
open_ask = (
    select(asks.c.id)
    .where(
        asks.c.id == Letter.about_id,
        asks.c.state == literal("sent"),
        asks.c.link_version == cast(answer["version"].astext, Integer),
    )
    .correlate(Letter)
)


def hindrance() -> ColumnElement[str]:
    """Why this letter must not leave, in words; empty when it may."""
    living = reader.where(Advocate.state.in_([State.ENROLLED, State.PAUSED]))
    agreeing = reader.where(Letter.purpose == Advocate.consents.any_())
    return case(
        (Letter.letter_class != LetterClass.PROGRAMME, ""),
        (~living.exists(), LEFT),
        (~agreeing.exists(), TAKEN_BACK),
        (or_(Letter.kind != LetterKind.ASK.value, open_ask.exists()), ""),
        else_=OVER,
    )
