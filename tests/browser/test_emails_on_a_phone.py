"""Emails and sequences on a phone, and beside names of eighty emails without a blank."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.outreach.models import EmailState
from portal.outreach.sequences.models import EmailSequence
from tests.client import Client
from tests.fixture_types import Travel
from tests.outreach.messages.stored_emails import email
from tests.outreach.sequences.test_answers import started
from tests.outreach.sequences.test_views import LIST
from tests.world import World

pytestmark = pytest.mark.browser
LONG = "W" * 80
Opened = Callable[..., Page]


@pytest.fixture
def under_way(acme: World, as_manager: Client, travel: Travel) -> EmailSequence:
    return started(acme, as_manager, travel, "Ada", "W" * 60, name=LONG)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_a_name_of_eighty_emails_moves_no_page_sideways(
    opened: Opened, acme: World, under_way: EmailSequence, phone: bool
) -> None:
    failed = email(acme, state=EmailState.FAILED, due_at=None, recipient_name=LONG, reply=LONG)
    sequence = f"{LIST}/{under_way.id}"
    for path in ("/emails?view=all", f"/emails/{failed.id}", LIST, sequence, f"{sequence}/dry-run"):
        page = opened(path, phone=phone)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, path
    page = opened("/emails?view=all", phone=phone)
    subject = page.locator("tbody tr td:has(.gw-link)").first.bounding_box()
    assert subject is not None
    assert subject["width"] >= 150, "the subject keeps its column"


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_somebody_is_taken_out_of_a_sequence(
    opened: Opened, under_way: EmailSequence, phone: bool, script: bool
) -> None:
    page = opened(f"{LIST}/{under_way.id}", phone=phone, script=script)
    row = page.locator("tr", has_text="ada@x.example")
    button = row.get_by_role("button", name="Remove…")
    expect(button).to_have_count(1)
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= (44 if phone else 32)
    button.click()
    question = page.get_by_role("dialog", name="Remove Ada?")
    question.get_by_role("button", name="Remove", exact=True).click()
    expect(row).to_contain_text("Ended by a manager")
