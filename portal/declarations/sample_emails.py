"""Of every kind one email as its writer gives it: for the preview, the check at save, a test to oneself."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.declarations.email_content import EmailLinks, SignedLink

SAMPLE_ID = UUID("00000000-0000-7000-8000-000000000000")  # no row is called so: links lead to nothing
TUESDAY, THURSDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC), datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
SENDER, WORKSPACE = "Dana Okafor", "Ledgerworks"  # whoever looks at it takes their place


class SampleEmail(NamedTuple):
    fields: Mapping[str, Any]
    links: EmailLinks


def sample_link(name: str, purpose: str) -> dict[str, SignedLink]:
    return {name: SignedLink(purpose, SAMPLE_ID)}
