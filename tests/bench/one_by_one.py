"""What people usually write: one job for each recipient. It reads, renders, sends and marks a single letter.

The same gateway, the same text, and the two checks that nobody leaves out: consent and suppression.
"""

from uuid import UUID

from jobs.office import office
from portal.advocates.models import Advocate
from portal.gateways.mail import Bundle
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Letter, LetterState
from portal.outreach.rendering import Desk
from portal.outreach.senders.queries import from_whom
from portal.outreach.suppression.queries import in_force
from portal.outreach.templates.models import TemplateVersion
from portal.outreach.templates.queries import words_of
from tenants.clock import utc_now
from tenants.database import tenant, tenant_session


def send(tenant_id: str, letter_id: str) -> None:
    with tenant_session(UUID(tenant_id)) as session:
        letter = session.get_one(Letter, (UUID(tenant_id), UUID(letter_id)))
        reader = session.get_one(Advocate, (UUID(tenant_id), letter.advocate_id))
        if letter.purpose not in reader.consents or in_force(session, [letter.recipient]):
            letter.state = LetterState.FAILED
            return
        words = words_of(session.get_one(TemplateVersion, (UUID(tenant_id), letter.template_id)))
        desk, sender = Desk(tenant(session), office().public_url, live=True), from_whom(session)
        bundle = Bundle(
            tenant_id=UUID(tenant_id),
            sender_name=sender.name,
            sender=sender.address,
            paper=desk.paper(LetterKind(letter.kind), letter.locale, words),
            letters=[desk.addressed(letter, words)],
            measured=True,
        )
        (receipt,) = office().mail.send(bundle, seconds=30)
        letter.state, letter.sent_at, letter.provider_id = (
            LetterState.ACCEPTED,
            utc_now(),
            receipt.provider_id,
        )
