"""The sample of a kind of email, signed by whoever looks at it."""

from typing import NamedTuple

from portal.declarations.email_kinds import EmailKind
from portal.declarations.sample_emails import SENDER, WORKSPACE, SampleEmail


class SampleSigner(NamedTuple):
    """Whose email it would be: whoever looks at it, where they work."""

    name: str
    workspace: str


DEFAULT_SIGNER = SampleSigner(SENDER, WORKSPACE)


def sample_email(kind: EmailKind, by: SampleSigner = DEFAULT_SIGNER) -> SampleEmail:
    its = kind.sample
    signed = {kind.signature_field: by.name, "from_title": by.workspace}
    return its._replace(
        fields={**its.fields, **{name: words for name, words in signed.items() if name in its.fields}}
    )
