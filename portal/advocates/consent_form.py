"""The consents that a page shows with their exact texts: given and withdrawn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal import outbox
from portal.advocates import consent_chain, queries
from portal.advocates.consent_texts import current_texts
from portal.advocates.models import Advocate, ConsentGiven, ConsentSource, ConsentText


@dataclass(frozen=True)
class ConsentBox:
    """One purpose on the page: the text agreed to, else the current one."""

    text: ConsentText
    agreed_at: datetime | None
    source: ConsentSource | None


def consent_boxes(session: Session, advocate: Advocate) -> list[ConsentBox]:
    agreed = queries.current_consents(queries.consent_entries(session, advocate))
    shown = []
    for purpose, current in current_texts(session).items():
        entry, text = agreed.get(purpose, (None, current))
        shown.append(ConsentBox(text, entry.at if entry else None, entry.source if entry else None))
    return shown


def apply_choices(
    session: Session,
    advocate: Advocate,
    shown: Collection[ConsentBox],
    ticked: Collection[str],
    source: ConsentSource,
    network_address: str = "",
    *,
    only_withdraw: bool = False,
) -> None:
    """Grant what is ticked and withdraw what is not. With `only_withdraw`, as for an email's link, grant nothing."""
    for box in shown:
        if str(box.text.id) not in ticked:
            consent_chain.withdraw(session, advocate, box.text.purpose, source, network_address)
        elif not only_withdraw:
            consent_chain.give(session, advocate, box.text, source, network_address)
    if not only_withdraw and any(box.agreed_at is None and str(box.text.id) in ticked for box in shown):
        outbox.publish(session, ConsentGiven(advocate.id))
