"""Every feature's email kinds, in the order in which pages list them, and what writes them: for every process."""

from portal.advocates import emails as advocates
from portal.declarations import sending
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.outreach import emails as outreach
from portal.outreach.messages.compose import compose
from portal.references import emails as references
from portal.references.asking import emails as asking
from portal.references.meetings import emails as meetings
from portal.references.meetings import time_emails
from portal.signin import emails as signin
from portal.workspace import emails as workspace

DECLARED_IN = (signin, workspace, advocates, asking, time_emails, meetings, references, outreach)

for feature in DECLARED_IN:
    EMAIL_KINDS.add(*feature.KINDS)
sending.configure(compose)
