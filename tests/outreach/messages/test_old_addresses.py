"""Links of older emails to pages that have another address today."""

import pytest

from tests.client import Client
from tests.world import World


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/letters", "/emails"),
        ("/letters?view=needs-you&kind=ask", "/emails?view=needs-attention&kind=ask"),
        ("/letters/sequences/1?who=Ada%20L", "/emails/sequences/1?who=Ada+L"),
        ("/letters/doubts?picked=1&picked=2", "/emails/retries/confirm?picked=1&picked=2"),
    ],
)
def test_addresses_of_older_emails_lead_to_the_pages_of_today(
    acme: World, as_manager: Client, old: str, new: str
) -> None:
    moved = as_manager.get(old)
    assert (moved.status_code, moved.location) == (301, f"/{acme.slug}{new}")
