"""Programs that look at mail before its reader does."""

import pytest

from portal.outreach.delivery_events.bot_detection import is_scanner

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "scans"),
    [
        (PHONE, False),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", False),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) AppleWebKit/537.36", False),
        ("Mozilla/5.0", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", True),
        ("python-requests/2.32", True),
        ("SkypeUriPreview Preview/0.5", True),
        ("  ", True),
    ],
)
def test_scanners_are_known_by_their_names(agent: str, scans: bool) -> None:
    assert is_scanner(agent) is scans
