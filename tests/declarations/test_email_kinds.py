"""Every kind of email is declared whole, by its feature, and sent one way."""

import ast
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest

from portal.bootstrap import check_declarations
from portal.declarations.email_kinds import DEFAULT_TEXTS, EMAIL_KINDS, EmailKind, EmailKindRegistry
from portal.declarations.reminders import ReminderSequence
from portal.declarations.sample_emails import SampleEmail
from portal.outreach.emails import NEW_LINK
from tests.rules.test_code import ROOT, trees
from tests.waiting import PATIENCE

STORED = {  # the names in rows and addresses: none is ever changed
    *("sign_in", "new_link", "member_invitation", "join_confirmation", "address_confirmation"),
    *("address_changed", "enroll_invitation", "welcome", "pending_review", "ask", "ask_reminder"),
    *("ask_receipt", "ask_withdrawn", "request_submitted", "request_update", "slots_for_prospect"),
    *("new_times", "meeting_confirmed", "meeting_reminder", "meeting_cancelled", "after_call_question"),
    *("thanks_outcome", "own", "ask_question", "further_purpose"),
}
WRITERS = {  # who may write an email past `send`
    "portal/programs.py",
    "portal/outreach/consent_requests/emails.py",
    "portal/outreach/messages/send_test_email_actions.py",
    "portal/outreach/sequences/advance.py",
}
LATE = ReminderSequence(
    program="late",
    label="Late",
    description="",
    delay_text="",
    minutes=(5,),
    max_emails=9,
    min_distance=10,
    max_distance=20,
)


def broken(**parts: object) -> EmailKind:
    words = {"name": "nowhere", "label": "Nowhere", "sent_when": "Never.", "subject": "News"}
    given = {"fields": (), "group": None, "sample": SampleEmail({}, {})}
    return EmailKind(**words | given | parts)  # type: ignore[arg-type]


def test_nothing_is_missing() -> None:
    check_declarations()
    assert {kind.name for kind in EMAIL_KINDS} >= STORED
    assert {text.stem for text in DEFAULT_TEXTS.glob("*.md")} == {kind.name for kind in EMAIL_KINDS}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"label": ""}, "its label is missing"),
        ({"sent_when": ""}, "its sent_when is missing"),
        ({"subject": ""}, "its subject is missing"),
        ({}, "its default text templates/emails/nowhere.md is missing"),
        ({"required_links": ("page_link",)}, "it needs the link “page_link”, which is none of its fields"),
        ({"reminders": LATE}, "its reminders need 1 to 3 times"),
        ({"reminders": LATE}, "one of its reminders stands where the workspace may not put it"),
    ],
)
def test_a_part_that_is_missing_is_named(parts: dict[str, object], said: str) -> None:
    assert any(said in problem for problem in broken(**parts).problems())


def test_a_text_without_a_kind_and_two_reminders_of_one_program_are_named() -> None:
    registry = EmailKindRegistry("email kind")
    registry.add(NEW_LINK, broken(name="one", reminders=LATE), broken(name="other", reminders=LATE))
    found = [*registry.problems()]
    assert "Two email kinds remind of “late”." in found
    assert "The text templates/emails/ask.md belongs to no email kind." in found
    assert "The text templates/emails/new_link.md belongs to no email kind." not in found


def test_a_kind_that_is_not_whole_stops_the_start() -> None:
    """In a process of its own: what is declared here stays declared."""
    source = """
        from dataclasses import replace
        from portal import bootstrap
        from portal.declarations.email_kinds import EMAIL_KINDS
        from portal.declarations.sample_emails import sample_link
        from portal.outreach.emails import NEW_LINK
        sample = NEW_LINK.sample._replace(links=sample_link("page", "seat"))
        EMAIL_KINDS.add(replace(NEW_LINK, name="nowhere", sample=sample))
        bootstrap.check_declarations()
    """
    start = [sys.executable, "-c", textwrap.dedent(source)]
    stopped = subprocess.run(start, cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert stopped.returncode == 1
    assert "Declarations:\nThe email kind “nowhere”: its default text" in stopped.stderr
    assert "The email kind “nowhere”: no program says where its link “seat” leads." in stopped.stderr


def test_every_kind_that_is_declared_anywhere_is_listed() -> None:
    declared = {
        ast.literal_eval(part.value)
        for _path, tree in trees("EmailKind")
        for kind in called(tree, "EmailKind")
        for part in kind.keywords
        if part.arg == "name"
    }
    assert declared == {kind.name for kind in EMAIL_KINDS}


def test_features_send_in_one_way() -> None:
    writers = {path for path, tree in trees("compose") if imports_writer(tree)}
    assert writers == WRITERS


def imports_writer(tree: ast.Module) -> bool:
    names = {"portal.outreach.messages.compose", "portal.outreach.messages.compose_many"}
    return any(isinstance(node, ast.ImportFrom) and node.module in names for node in ast.walk(tree))


def test_the_key_of_an_email_is_built_beside_its_kind() -> None:
    """The fourth argument is a call of a function named for it, or the name of what one gave."""
    keys = [
        (path, ast.unparse(call.args[3]))
        for path, tree in trees(r"\bsend\(")
        if path != "portal/declarations/sending.py"
        for call in called(tree, "send")
        if len(call.args) > 3
    ]
    assert len(keys) > 10
    assert [(path, key) for path, key in keys if key != "key" and "_key(" not in key] == []


def called(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node
