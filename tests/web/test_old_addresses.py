"""Links of older emails, and bookmarks, to pages that have another address today."""

import pytest

from tests.client import Client
from tests.world import World


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/letters", "/emails"),
        ("/letters?view=needs-you&kind=ask", "/emails?view=needs-attention&kind=ask"),
        ("/letters/sequences/1?who=Ada%20L", "/emails/sequences/1?who=Ada+L"),
        ("/letters/doubts?picked=1&picked=2", "/emails?picked=1&picked=2"),
    ],
)
def test_addresses_of_older_emails_lead_to_the_pages_of_today(
    acme: World, as_manager: Client, old: str, new: str
) -> None:
    moved = as_manager.get(old)
    assert (moved.status_code, moved.location) == (301, f"/{acme.slug}{new}")


def test_bookmarks_lead_to_the_pages_of_today(
    acme: World, as_manager: Client, as_admin: Client, as_advocate: Client, client: Client
) -> None:
    account = acme.advocate().account_id
    bookmarks = [
        (as_manager, f"/accounts/{account}/details", f"/accounts/{account}/edit"),
        (as_manager, "/metrics/fulfilment?period=2026", "/metrics/fulfillment?period=2026"),
        (as_manager, "/requests/new/outside", "/requests/new/off-platform"),
        (as_admin, "/messages", "/failed-messages"),
        (as_advocate, "/my/me/wishes", "/my/me/preferences"),
    ]
    for reader, old, new in bookmarks:
        moved = reader.get(old)
        assert (moved.status_code, moved.location.removeprefix("http://localhost")) == (
            308,
            f"/{acme.slug}{new}",
        )
        assert reader.get(new).status_code == 200
    assert client.get(f"/join/{acme.slug}/letter", outside=True).location.endswith(f"/join/{acme.slug}/sent")
