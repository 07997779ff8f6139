"""Own sequences that use a segment: drafts. Whoever a started one is for has a run already."""

from uuid import UUID

from sqlalchemy import Select, Text, cast, select

from portal.declarations.segment_uses import SegmentUser
from portal.i18n import mark
from portal.outreach.sequences.models import EmailSequence, SequenceState


def sequences_with(segment_id: UUID) -> Select[UUID, str]:
    """To start from, to leave out, or in a condition; an id stands nowhere else in an audience."""
    names_it = cast(EmailSequence.audience, Text).contains(str(segment_id))
    drafts = EmailSequence.state == SequenceState.DRAFT
    return select(EmailSequence.id, EmailSequence.name).where(drafts, names_it)


SEQUENCES = SegmentUser(
    name="sequences",
    icon="mail",
    rows=sequences_with,
    endpoint="sequences.show",
    argument="sequence_id",
    note=mark("A sequence of emails, as a draft. A change counts until it starts."),
)
