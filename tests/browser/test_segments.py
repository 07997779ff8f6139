"""A segment is counted while somebody types; without a script a button counts it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.world import World


def people(world: World) -> None:
    shop = world.account("Shop", industry="Retail", employees=80)
    world.advocate(account=shop, first_name="Ada", last_name="Shop")
    world.advocate(account=world.account("Bank", industry="Banking", employees=9000), first_name="Bo")


def test_the_count_follows_what_is_typed(opened: Callable[..., Page], acme: World) -> None:
    people(acme)
    page = opened("/segments/new")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("2 people match this segment")
    page.get_by_label("Attribute").select_option(label="Employees")
    page.get_by_label("Value").fill("1000")
    expect(title).to_have_text("1 person matches this segment")
    expect(page.get_by_label("Value")).to_be_focused()
    page.get_by_label("Comparison").select_option(label="is less than")
    expect(page.locator("#segment-sample")).to_contain_text("Ada Shop")
    page.get_by_role("button", name="Condition", exact=True).click()
    page.get_by_label("Attribute").nth(1).select_option(label="Industry")
    page.get_by_label("Value").nth(1).select_option("Banking")
    expect(title).to_have_text("Nobody matches this segment")
    page.get_by_role("button", name="Remove Banking").click()
    expect(title).to_have_text("1 person matches this segment")
    page.get_by_label("Name").fill("Small shops")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Remove the condition on Industry")).to_be_visible()
    page.get_by_role("button", name="Remove the condition on Industry").click()
    expect(page.get_by_label("Attribute")).to_have_count(1)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Save changes")).to_be_visible()
    expect(title).to_have_text("1 person matches this segment")


def test_without_a_script_a_button_counts(opened: Callable[..., Page], acme: World) -> None:
    people(acme)
    page = opened("/segments/new", script=False)
    page.get_by_label("Attribute").select_option(label="Industry")
    page.get_by_role("button", name="Update").last.click()
    page.get_by_label("Value").select_option("Retail")
    page.get_by_role("button", name="Update").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 person matches this segment")
    page.get_by_label("Name").fill("Shops")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Save changes")).to_be_visible()


def test_people_are_picked_by_typing_and_taken_back_by_a_click(
    opened: Callable[..., Page], acme: World
) -> None:
    people(acme)
    page = opened("/segments/lists/new")
    page.get_by_label("Name of the list").fill("Launch")
    page.get_by_role("button", name="Create and pick people").click()
    page.get_by_label("Name or company").fill("sho")
    page.get_by_role("button", name="Pick Ada Shop").click()
    page.get_by_role("button", name="Ada Shop, Shop").click()
    expect(page.get_by_role("button", name="Add 1 person")).to_have_count(0)
    page.get_by_role("button", name="Pick Ada Shop").click()
    page.get_by_role("button", name="Add 1 person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Launch")
    expect(page.get_by_role("table")).to_contain_text("Ada Shop")
