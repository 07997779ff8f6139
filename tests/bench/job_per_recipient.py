"""What people usually write: one job for each recipient. It reads, renders, sends and marks a single letter.

The same gateway, the same text, and the two checks that nobody leaves out: consent and suppression.
"""

from uuid import UUID

from jobs.worker_context import worker_context
from portal.advocates.models import Advocate
from portal.gateways.mail import Bundle
from portal.outreach.email_kinds import LetterKind
from portal.outreach.models import Letter, LetterState
from portal.outreach.senders.queries import sender_identity
from portal.outreach.suppressions.queries import active_suppressions
from portal.outreach.templates.models import TemplateVersion
from portal.outreach.templates.queries import content_of
from portal.outreach.templates.rendering import TemplateSet
from tenants.clock import utc_now
from tenants.database import tenant, tenant_session


def send(tenant_id: str, letter_id: str) -> None:
    with tenant_session(UUID(tenant_id)) as session:
        letter = session.get_one(Letter, (UUID(tenant_id), UUID(letter_id)))
        reader = session.get_one(Advocate, (UUID(tenant_id), letter.advocate_id))
        if letter.purpose not in reader.consents or active_suppressions(session, [letter.recipient]):
            letter.state = LetterState.FAILED
            return
        words = content_of(session.get_one(TemplateVersion, (UUID(tenant_id), letter.template_id)))
        desk, sender = (
            TemplateSet(tenant(session), worker_context().public_url, live=True),
            sender_identity(session),
        )
        bundle = Bundle(
            tenant_id=UUID(tenant_id),
            sender_name=sender.name,
            sender=sender.address,
            template=desk.message_template(LetterKind(letter.kind), letter.locale, words),
            letters=[desk.personalization(letter, words)],
            tracked=True,
        )
        (receipt,) = worker_context().mail.send(bundle, seconds=30)
        letter.state, letter.sent_at, letter.provider_id = (
            LetterState.ACCEPTED,
            utc_now(),
            receipt.provider_id,
        )
