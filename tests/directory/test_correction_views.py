"""What is written about a person is put right: by a manager, and by everybody about their own name."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.advocates import queries
from portal.advocates.models import Advocate
from portal.history import HistoryEntry
from tenants.models import Role
from tests.client import Client
from tests.world import World


def form_of(world: World, person: Advocate, **changes: Any) -> dict[str, Any]:
    with world.session() as session:
        version = queries.get(session, person.id).version
    given = {
        "first_name": "Ada",
        "last_name": "Lindqvist",
        "title": "VP IT",
        "seniority": "vp",
        "persona": "it",
        "products": "Ledger Pro",
        "languages": ["en"],
        "time_zone": "Europe/Stockholm",
        "version": version,
    }
    return given | changes


def history_of(world: World, person: Advocate) -> Sequence[HistoryEntry]:
    with world.session() as session:
        lines = select(HistoryEntry).where(
            HistoryEntry.subject_id == person.id, HistoryEntry.action == "corrected"
        )
        return session.scalars(lines.order_by(HistoryEntry.id)).all()


def test_a_manager_corrects_a_person_and_the_history_says_from_and_to(
    as_manager: Client, acme: World
) -> None:
    ada = acme.advocate(first_name="Ad", last_name="Lindqvist", account=acme.account("Old Co"))
    acme.account("Nordlicht AG")
    correction = form_of(
        acme,
        ada,
        title="CIO",
        seniority="c_level",
        company="nordlicht  ag",
        products="Ledger Pro, Vault",
        use_cases="close; audit",
        languages=["en", "sv"],
    )
    page = as_manager.follow(as_manager.post(f"/advocates/{ada.id}/correction", correction))
    for words in (
        "First name: Ad → Ada",
        "Job title: VP IT → CIO",
        "Seniority: Vice president → Executive (CxO)",
        "Company: Old Co → Nordlicht AG",
        "Uses: Ledger Pro → Ledger Pro, Vault",
        "Speaks: English → English, Swedish",
    ):
        assert words in page.text
    now = acme.reload(ada)
    assert (now.name, now.name_sort, now.use_cases) == ("Ada Lindqvist", "lindqvist ada", ["close", "audit"])
    assert [line.by_name for line in history_of(acme, ada)] == [as_manager.member.name]


def test_what_was_not_changed_writes_no_history_and_unknown_values_stay(
    as_manager: Client, acme: World
) -> None:
    ada = acme.advocate(last_name="Lindqvist", languages=["en", "tlh"], seniority="chief", time_zone="UTC")
    same = form_of(acme, ada, languages=["en", "tlh"], seniority="chief", time_zone="UTC")
    page = as_manager.follow(as_manager.post(f"/advocates/{ada.id}/correction", same))
    assert "Nothing was changed" in page.text
    assert history_of(acme, ada) == []
    assert (acme.reload(ada).languages, acme.reload(ada).seniority) == (["en", "tlh"], "chief")


def test_a_company_nobody_knows_is_added_only_when_ticked(as_manager: Client, acme: World) -> None:
    ada = acme.advocate(last_name="Lindqvist", account=acme.account("Old Co"))
    asked = as_manager.post(f"/advocates/{ada.id}/correction", form_of(acme, ada, company="Nordlihct"))
    assert asked.status_code == 422
    assert "There’s no account called “Nordlihct”" in asked.text
    assert 'value="Nordlihct"' in asked.text
    ticked = form_of(acme, ada, company="Nordlihct", add_company="y")
    page = as_manager.follow(as_manager.post(f"/advocates/{ada.id}/correction", ticked))
    assert "Company: Old Co → Nordlihct" in page.text


def test_two_managers_at_once_the_second_is_told(as_manager: Client, acme: World) -> None:
    ada = acme.advocate(last_name="Lindqvist")
    seen = form_of(acme, ada, title="CIO")
    assert as_manager.post(f"/advocates/{ada.id}/correction", seen).status_code == 303
    second = as_manager.post(f"/advocates/{ada.id}/correction", seen | {"title": "CFO"})
    assert second.status_code == 409
    assert acme.reload(ada).title == "CIO"
    assert 'value="CFO"' in second.text, "what was typed is kept"
    assert f'name="version" type="hidden" value="{acme.reload(ada).version}"' in second.text


def test_a_rep_corrects_nobody(as_rep: Client, acme: World) -> None:
    ada = acme.advocate()
    assert as_rep.get(f"/advocates/{ada.id}/correction").status_code == 403
    assert as_rep.post(f"/advocates/{ada.id}/correction", form_of(acme, ada)).status_code == 403


def test_everybody_sets_their_own_name(as_rep: Client, as_advocate: Client, acme: World) -> None:
    assert (
        'href="/' + acme.slug + '/my/name"'
        in as_rep.follow(as_rep.post("/my/name", {"name": "Noor Haddad"})).text
    )
    assert acme.reload(as_rep.member).name == "Noor Haddad"
    me = as_advocate.follow(as_advocate.post("/my/name", {"name": "Ada van Berg", "title": "CIO"}))
    assert me.status_code == 200
    ada = acme.reload(as_advocate.advocate)
    assert (ada.first_name, ada.last_name, ada.title, ada.name_sort) == (
        "Ada",
        "van Berg",
        "CIO",
        "van berg ada",
    )
    (line,) = history_of(acme, ada)
    assert line.detail["changes"]["title"] == ["VP IT", "CIO"]
    assert as_rep.post("/my/name", {"name": " "}).status_code == 422


def test_whoever_has_no_name_yet_is_asked_for_one(acme: World) -> None:
    nameless = acme.member(Role.ADMIN)
    with acme.session() as session:
        session.merge(nameless).name = ""
    dana = acme.signed_in(as_member=acme.reload(nameless))
    asked = dana.follow(dana.get("/"))
    assert re.search(r"<h1>What’s your name\?</h1>", asked.text)
    assert dana.follow(dana.post("/my/name", {"name": "Dana Okafor"})).status_code == 200
    assert acme.reload(nameless).name == "Dana Okafor"
