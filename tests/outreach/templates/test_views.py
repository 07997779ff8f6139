"""A manager changes what emails say: beside a preview, with a test to oneself, and never what was written before."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from portal.declarations.email_content import Recipient, SignedLink
from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.outreach.emails import NEW_LINK, OWN_EMAIL
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email
from portal.outreach.sequences.models import EmailSequence, SequenceStep
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.diff import content_diff
from portal.outreach.templates.models import EmailTemplate, TemplateVersion
from portal.references.asking.emails import ASK
from portal.references.link_purposes import CallLinkPurpose
from tenants.models import Role
from tests.client import Client
from tests.mailbox import Mailbox
from tests.world import World

ASK_PAGE = "/emails/templates/ask"
INVITATION_PAGE = "/emails/templates/enroll_invitation"
LINK_PAGE = "/emails/templates/new_link"


def parts(kind: EmailKind = NEW_LINK, seen: int = 0, **changed: Any) -> dict[str, str]:
    """What the form sends: Goodword's words but for what was changed."""
    words = default_content(kind)
    return {part: getattr(words, part) for part in ("subject", "preheader", "body", "reason")} | {
        "seen": str(seen),
        **changed,
    }


def new_link(world: World, to: str) -> Email:
    with world.session() as session:
        return compose(
            session,
            NEW_LINK,
            Recipient(to, "Ada Lindqvist"),
            str(uuid7()),
            fields={"what": "your call"},
            links={"page": SignedLink(CallLinkPurpose.SLOT, uuid7())},
        )


def count(world: World) -> list[int]:
    with world.session() as session:
        return [
            session.scalar(select(func.count(row.id))) or 0 for row in (Email, EmailTemplate, TemplateVersion)
        ]


def test_new_emails_say_the_new_words_and_those_written_before_keep_theirs(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Any
) -> None:
    new_link(acme, "before@nordbank.example")
    saved = as_manager.post(LINK_PAGE, parts(subject="Here it is: {{what}}"))
    page = as_manager.follow(saved)
    assert "Saved as version 2" in page.text
    assert f"Edited by {as_manager.member.name}" in page.text
    new_link(acme, "after@nordbank.example")
    run_jobs()
    assert mailbox.last("before@nordbank.example").subject == "Your new link: your call"
    assert mailbox.last("after@nordbank.example").subject == "Here it is: your call"


def test_an_earlier_version_is_had_back_as_a_new_one_and_so_are_goodwords_words(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Any
) -> None:
    as_manager.post(LINK_PAGE, parts(subject="Second"))
    as_manager.post(LINK_PAGE, parts(seen=2, subject="Third"))
    shown = as_manager.get(f"{LINK_PAGE}/versions/3").text
    assert ("Before" in shown, "Now" in shown, "Second" in shown, "Third" in shown) == (True,) * 4
    listed = as_manager.follow(as_manager.post(f"{LINK_PAGE}/versions/2/restoration")).text
    assert "Version 2 was restored as version 4" in listed
    assert "Version 2 restored" in listed
    new_link(acme, "ada@nordbank.example")
    as_manager.post(f"{LINK_PAGE}/default")
    new_link(acme, "ada@nordbank.example")
    run_jobs()
    assert [email.subject for email in mailbox.to("ada@nordbank.example")] == [
        "Second",
        "Your new link: your call",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"body": "Hello,\n\n{{fist_name}} [Open]({{page_link}})"},
            "Line 3: There’s no field “fist_name”. Did you mean “first_name”?",
        ),
        ({"body": "Hello {{7*7}}, [Open]({{page_link}})"}, "Line 1: There’s no field “7*7” in this email."),
        ({"body": "Hello, {{"}, "Line 1: A field starts with {{ and ends with }} on the same line."),
        ({"body": "Nothing to open"}, "The email needs a link to {{page_link}}."),
        (
            {"body": "[Open]({{page_link}})\n\n" + '"' * 18_000},
            "Email apps cut emails off at 100 kB.",
        ),
        ({"subject": ""}, "This can’t be empty."),
        ({"reason": "Because\nof this"}, "Please keep this on one line."),
    ],
)
def test_a_text_that_would_break_is_refused_with_line_and_reason_and_stays_in_the_form(
    acme: World, as_manager: Client, wrong: dict[str, Any], said: str
) -> None:
    refused = as_manager.post(LINK_PAGE, parts(**wrong))
    assert refused.status_code == 422
    assert said in unescaped(refused.text)
    for words in wrong.values():
        assert words.strip()[:20] in unescaped(refused.text)
    assert count(acme) == [0, 0, 0]


def unescaped(page: str) -> str:
    return page.replace("&#39;", "'").replace("&gt;", ">").replace("&#34;", '"')


def test_of_two_managers_the_second_hears_of_the_first_and_loses_nothing(
    acme: World, as_manager: Client
) -> None:
    bo = acme.signed_in(as_member=acme.member(Role.MANAGER, name="Bo Ek"))
    as_manager.get(LINK_PAGE)
    bo.post(LINK_PAGE, parts(subject="By Bo"))
    late = as_manager.post(LINK_PAGE, parts(subject="By Dana"))
    assert late.status_code == 409
    assert "Bo Ek saved version 2 while you were editing" in late.text
    assert "By Dana" in late.text
    seen = re.search('name="seen"[^>]*value="([^"]*)"', late.text)
    assert seen is not None
    again = as_manager.post(LINK_PAGE, parts(seen=int(seen[1]), subject="By Dana"))
    assert "Saved as version 3" in as_manager.follow(again).text


def test_words_that_are_saved_as_they_are_make_no_version(acme: World, as_manager: Client) -> None:
    def saved(**changed: Any) -> bool:
        """As browsers send it: lines end with two signs."""
        form = {name: text.replace("\n", "\r\n") for name, text in parts(**changed).items()}
        return "There was nothing to change." not in as_manager.follow(as_manager.post(LINK_PAGE, form)).text

    assert (saved(), count(acme)) == (False, [0, 0, 0])
    assert [saved(subject="New"), saved(seen=2, subject="New"), saved(subject="New")] == [True, False, False]
    assert count(acme) == [0, 1, 2]
    assert saved(seen=2, subject="New", body=f"One\n\nmore\n\n{default_content(NEW_LINK).body}")


def test_an_email_that_left_meanwhile_is_no_conflict(acme: World, as_manager: Client) -> None:
    as_manager.get(LINK_PAGE)
    new_link(acme, "ada@nordbank.example")  # Goodword's words become a version by being used
    assert as_manager.post(LINK_PAGE, parts(subject="New")).status_code == 303


def test_the_preview_is_read_by_a_real_person_and_writes_nothing(acme: World, as_manager: Client) -> None:
    acme.advocate(first_name="{{7*7}}", last_name="Aalto", email="odd@nordbank.example")
    acme.advocate(first_name="Grace", last_name="Hopper", email="grace@navy.example")
    before = count(acme)
    form = parts(ASK, subject="Would you? {{question}}")
    for asked, greeting in (
        ("", "Hello,"),
        ("Grace Hopper, grace@navy.example", "Hello Grace,"),
        ("hopper", "Hello Grace,"),
    ):
        paper = as_manager.post(f"{ASK_PAGE}/preview", form | {"reader": asked})
        assert greeting in paper.text
        assert "Would you? Could you talk to" in paper.text
    assert "sandbox" in paper.headers["Content-Security-Policy"]
    assert "script-src" not in paper.headers["Content-Security-Policy"]
    assert "/a/…" in paper.text  # a link that leads nowhere
    text = as_manager.post(f"{ASK_PAGE}/preview", form | {"as": "text"})
    assert "<pre>Hello," in text.text
    nobody = as_manager.post(f"{ASK_PAGE}/preview", form | {"reader": "Zaphod"})
    assert "We didn’t find anyone named “Zaphod”" in nobody.text
    assert count(acme) == before


def test_somebody_of_many_is_found_by_the_first_letters(acme: World, as_manager: Client) -> None:
    acme.advocate(first_name="Grace", last_name="Hopper", email="grace@navy.example")
    acme.advocate(first_name="Ada", last_name="Aalto")
    found = as_manager.get(f"{ASK_PAGE}/recipients?reader=hop", headers={"HX-Request": "true"})
    assert "Grace Hopper, grace@navy.example" in found.text
    assert "Ada" not in found.text


def own(name: str = "Spring news", **changed: Any) -> dict[str, str]:
    return parts(OWN_EMAIL, **{"name": name, "purpose": "news"} | changed)


def test_a_workspace_has_emails_of_its_own(acme: World, as_manager: Client) -> None:
    made = as_manager.post("/emails/templates/own", own(subject="Spring at {{workspace}}"))
    page = as_manager.follow(made)
    assert "“Spring news” was saved" in unescaped(page.text)
    listed = as_manager.get("/emails/templates").text
    assert "Spring news" in listed
    assert "Spring at Acme" in listed
    assert "to people who agreed to: news" in listed
    twice = as_manager.post("/emails/templates/own", own())
    assert twice.status_code == 422
    assert "There’s already a template called “Spring news”" in unescaped(twice.text)
    changed = as_manager.post(made.location, parts(OWN_EMAIL, seen=1, subject="Summer"))
    assert "Saved as version 2" in as_manager.follow(changed).text


def test_what_readers_agreed_to_is_called_as_in_a_sequence(as_manager: Client) -> None:
    forms = ("/emails/templates/own/new", "/emails/sequences/new")
    offered = [
        re.search(r'<select[^>]*name="purpose".*?</select>', as_manager.get(form).text, re.DOTALL)
        for form in forms
    ]
    words = [re.findall(r"<option[^>]*>([^<]+)", found[0]) for found in offered if found]
    assert words[0] == words[1]
    assert "News" in words[0]


def test_an_own_email_can_go_until_a_sequence_or_an_email_needs_it(acme: World, as_manager: Client) -> None:
    free = as_manager.post("/emails/templates/own", own("Free")).location
    used = as_manager.post("/emails/templates/own", own("Used")).location
    with acme.session() as session:
        session.add(news := EmailSequence(program="own", name="News"))
        session.flush()
        session.add(
            SequenceStep(sequence_id=news.id, number=1, minutes=0, kind="own", template_id=used[-36:])
        )
    assert as_manager.post(f"{used}/removal").status_code == 409
    assert "Remove this template" not in as_manager.get(used).text
    assert "Removed." in as_manager.follow(as_manager.post(f"{free}/removal")).text
    assert as_manager.get(free).status_code == 404


def test_texts_are_the_desks_business_and_stay_in_the_workspace(
    acme: World, globex: World, as_manager: Client, as_rep: Client
) -> None:
    made = as_manager.post("/emails/templates/own", own()).location
    for path in ("/emails/templates", ASK_PAGE, f"{ASK_PAGE}/versions"):
        assert as_rep.get(path).status_code == 403
    theirs = globex.signed_in(Role.MANAGER)
    inside = made.removeprefix(f"/{acme.slug}")
    for path in (inside, f"{inside}/versions/1", "/emails/templates/own", "/emails/templates/nothing"):
        assert theirs.get(path).status_code in {404, 405}, path
    assert as_manager.get(f"{ASK_PAGE}/versions/7").status_code == 404


def test_every_email_of_the_product_opens_and_can_be_saved_as_it_is(as_manager: Client) -> None:
    listed = as_manager.get("/emails/templates").text
    for kind in EMAIL_KINDS:
        if kind is not OWN_EMAIL:
            assert f"/emails/templates/{kind.name}" in listed
            assert as_manager.get(f"/emails/templates/{kind.name}").status_code == 200
            assert "data-refused" not in as_manager.get(f"/emails/templates/{kind.name}/preview").text, kind
            assert as_manager.post(f"/emails/templates/{kind.name}", parts(kind)).status_code == 303, kind


def test_what_changed_is_told_line_by_line_and_word_by_word() -> None:
    old = TemplateContent(
        subject="Hello", body="{{greeting}}\n\nNot now is a fine answer.\n\nBye", reason="Because"
    )
    new = TemplateContent(
        subject="Hello", body="{{greeting}}\n\nLater is a fine answer.\n\nThank you\n\nBye", reason="Because"
    )
    (change,) = content_diff(old, new)
    told = [
        (line.change.value, [piece.text for piece in line.segments if piece.is_changed])
        for line in change.lines
    ]
    assert (change.part, told) == (
        "body",
        [("same", []), ("removed", ["Not now"]), ("added", ["Later"]), ("added", []), ("same", [])],
    )
