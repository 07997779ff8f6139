"""What people usually write: one job for each recipient. It reads, renders, sends and marks a single email.

The same gateway, the same text, and the two checks that nobody leaves out: consent and suppression.
"""

from uuid import UUID

from jobs.worker_context import worker_context
from portal.advocates.models import Advocate
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.gateways.mail import Bundle
from portal.outreach.models import Email, EmailState
from portal.outreach.senders.queries import sender_identity
from portal.outreach.suppressions.queries import active_suppressions
from portal.outreach.templates.models import TemplateVersion
from portal.outreach.templates.queries import content_of
from portal.outreach.templates.rendering import TemplateSet
from tenants.clock import utc_now
from tenants.database import tenant, tenant_session


def send(tenant_id: str, email_id: str) -> None:
    with tenant_session(UUID(tenant_id)) as session:
        email = session.get_one(Email, (UUID(tenant_id), UUID(email_id)))
        reader = session.get_one(Advocate, (UUID(tenant_id), email.advocate_id))
        if email.purpose not in reader.consents or active_suppressions(session, [email.recipient]):
            email.state = EmailState.FAILED
            return
        words = content_of(session.get_one(TemplateVersion, (UUID(tenant_id), email.template_id)))
        desk, sender = (
            TemplateSet(tenant(session), worker_context().public_url, live=True),
            sender_identity(session),
        )
        bundle = Bundle(
            tenant_id=UUID(tenant_id),
            sender_name=sender.name,
            sender=sender.address,
            template=desk.message_template(EMAIL_KINDS.get(email.kind), email.locale, words),
            emails=[desk.personalization(email, words)],
            tracked=True,
        )
        (receipt,) = worker_context().mail.send(bundle, seconds=30)
        email.state, email.sent_at, email.provider_id = (
            EmailState.ACCEPTED,
            utc_now(),
            receipt.provider_id,
        )
