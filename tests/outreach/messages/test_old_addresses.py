"""Links of older emails to pages that have another address today."""

import pytest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/letters", "/emails"),
        ("/letters?view=needs-you&kind=ask", "/emails?view=needs-attention&kind=ask"),
        ("/letters/sequences/1?who=Ada%20L", "/emails/sequences/1?who=Ada+L"),
        ("/letters/doubts?picked=1&picked=2", "/emails/retries/confirm?picked=1&picked=2"),
    ],
)
def test_addresses_of_older_emails_lead_to_the_pages_of_today(acme, as_manager, old, new):
    moved = as_manager.get(old)
    assert (moved.status_code, moved.location) == (301, f"/{acme.slug}{new}")
