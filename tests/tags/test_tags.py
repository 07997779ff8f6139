"""Tags: made, renamed and retired by admins; put on accounts and people one by one and by the thousand."""

import pytest
from sqlalchemy import select

from portal.history import HistoryEntry, entries_about
from portal.tags import actions, queries
from portal.tags.actions import InvalidTag
from portal.tags.models import BY_HAND, AdvocateTag, Tag
from portal.tags.tagging_actions import change_tags, tag_many, untag_many
from tenants.models import Role
from tests.client import Client
from tests.world import World, again


def tag_named(world: World, name: str) -> Tag:
    with world.session() as session:
        return actions.create(session, name, by=world.member(Role.ADMIN))


def test_an_admin_adds_renames_and_retires_a_tag(as_admin: Client, acme: World) -> None:
    assert as_admin.post("/settings/tags", {"name": "Design partner"}).status_code == 303
    again = as_admin.post("/settings/tags", {"name": "design  PARTNER"})
    assert again.status_code == 422
    assert "There’s already a tag called" in again.text
    with acme.session() as session:
        tag = session.scalars(select(Tag)).one()
    path = f"/settings/tags/{tag.id}"
    assert as_admin.post(f"{path}/name", {"name": "Co-designer", "version": tag.version}).status_code == 303
    assert as_admin.post(f"{path}/name", {"name": "Too late", "version": tag.version}).status_code == 409
    as_admin.post(f"{path}/retirement")
    page = as_admin.get(path).text
    for words in ("Co-designer", "Renamed: Design partner → Co-designer", "Retired", "Bring it back"):
        assert words in page


def test_a_statement_is_kept_with_its_name_and_day_and_can_be_taken_back(
    as_admin: Client, acme: World
) -> None:
    tag = tag_named(acme, "Speaks on stage")
    path, words = f"/settings/tags/{tag.id}/statement", "Chosen by the events team from past talks."
    assert as_admin.post(path, {"statement": words, "version": tag.version}).status_code == 303
    stated = acme.reload(tag)
    assert (stated.statement, stated.stated_by_id) == (words, as_admin.member.id)
    as_admin.post(path, {"statement": " ", "version": stated.version})
    assert not acme.reload(tag).has_statement
    with acme.session() as session:
        told = [entry.detail.get("text") for entry in entries_about(session, tag)]
    assert words in told, "what was stated once stays in the history"


def test_only_admins_open_the_tags(as_manager: Client) -> None:
    assert as_manager.get("/settings/tags").status_code == 403


def test_a_person_gets_tags_by_their_names_and_the_timeline_says_so(as_manager: Client, acme: World) -> None:
    ada = acme.advocate()
    with acme.session() as session:
        change_tags(session, again(session, ada), ["VIP", "Beta"], by=as_manager.member, may_create=True)
    with acme.session() as session:
        change_tags(session, again(session, ada), ["vip"], by=as_manager.member, may_create=True)
        assert [tag.name for tag in queries.tags_of(session, ada)] == ["VIP"]
        vip = queries.tags_named(session, ["VIP"])[0]
        assert vip.filled_by == [BY_HAND]
    page = as_manager.get(f"/advocates/{ada.id}").text
    assert "added: Beta, VIP" in page
    assert "removed: Beta" in page


def test_a_retired_tag_stays_where_it_is_and_comes_to_nobody_new(acme: World) -> None:
    ada, bo = acme.advocate(), acme.advocate()
    by = acme.member(Role.ADMIN)
    with acme.session() as session:
        change_tags(session, again(session, ada), ["VIP"], by=by, may_create=True)
        actions.retire(session, queries.tags_named(session, ["VIP"])[0], by=by)
    with acme.session() as session:
        change_tags(session, again(session, ada), [], by=by, may_create=True)
        assert len(queries.tags_of(session, ada)) == 1
        with pytest.raises(InvalidTag):
            change_tags(session, again(session, bo), ["vip"], by=by, may_create=True)


def test_whoever_may_not_add_tags_is_told_which_one_is_missing(acme: World) -> None:
    owner, company = acme.member(Role.OWNER), acme.account()
    with acme.session() as session, pytest.raises(InvalidTag, match="no tag called “Strategic”"):
        change_tags(session, again(session, company), ["Strategic"], by=owner, may_create=False)


def test_many_people_are_tagged_at_once_and_nobody_twice(acme: World) -> None:
    people = [acme.advocate().id for _ in range(3)]
    by, tag = acme.member(Role.MANAGER), tag_named(acme, "Autumn")
    with acme.session() as session:
        assert tag_many(session, tag, AdvocateTag, people[:2], by=by) == 2
        filters = ("account.industry", "account.region")
        assert tag_many(session, tag, AdvocateTag, people, by=by, filled_by=filters) == 1
        assert untag_many(session, tag, AdvocateTag, people[:1], by=by) == 1
    assert acme.reload(tag).filled_by == [BY_HAND, *filters]
    with acme.session() as session:
        told = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "tags_changed")).all()
    assert sorted(str(entry.detail) for entry in told) == [
        *["{'added': ['Autumn']}"] * 3,
        "{'removed': ['Autumn']}",
    ]


def stated(world: World, tag: Tag) -> bool:
    return world.reload(tag).has_statement


def test_a_statement_no_longer_holds_once_somebody_gets_or_loses_the_tag_by_hand(
    as_admin: Client, acme: World
) -> None:
    people = [acme.advocate() for _ in range(3)]
    by, tag = acme.member(Role.MANAGER), tag_named(acme, "Spoke in Milan")
    path = f"/settings/tags/{tag.id}"

    def state() -> None:
        words = {"statement": "From the list of talks.", "version": acme.reload(tag).version}
        assert as_admin.post(f"{path}/statement", words).status_code == 303
        assert stated(acme, tag)

    state()
    with acme.session() as session:
        change_tags(session, again(session, people[0]), [tag.name], by=by, may_create=False)
    assert not stated(acme, tag)
    state()
    with acme.session() as session:
        assert tag_many(session, again(session, tag), AdvocateTag, [people[0].id], by=by) == 0
    assert stated(acme, tag), "nobody was new to it"
    with acme.session() as session:
        tag_many(session, again(session, tag), AdvocateTag, [people[1].id], by=by)
    assert not stated(acme, tag)
    state()
    with acme.session() as session:
        untag_many(session, again(session, tag), AdvocateTag, [people[1].id], by=by)
    assert not stated(acme, tag)
    state()
    with acme.session() as session:
        change_tags(session, again(session, people[0]), [], by=by, may_create=False)
    assert not stated(acme, tag)
    assert as_admin.get(path).text.count("Statement no longer holds") == 4


def test_whoever_takes_a_tag_from_some_people_makes_those_left_of_unknown_origin(acme: World) -> None:
    people = [acme.advocate().id for _ in range(2)]
    by, tag = acme.member(Role.MANAGER), tag_named(acme, "In retail")
    with acme.session() as session:
        tag_many(session, tag, AdvocateTag, people, by=by, filled_by=["account.industry"])
        untag_many(session, tag, AdvocateTag, people[:1], by=by)
    assert acme.reload(tag).filled_by == ["account.industry", BY_HAND]
