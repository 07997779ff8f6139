"""SPF, DKIM and DMARC records, right and wrong in the ways they are found in the world."""

from collections.abc import Iterator

import pytest

from portal.outreach.senders.check_results import RecordStatus
from tests.fakes.dns import NameServer, name_server
from tests.outreach.senders.sender_domain import AT_SENDGRID, HERE, KEY, checks_by_record, looked_up, statuses


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as running:
        yield running


SPF = {
    "names SendGrid two steps away": (["v=spf1 include:mail.example ~all"], RecordStatus.VALID),
    "written large": (["V=SPF1 INCLUDE:SendGrid.net -ALL"], RecordStatus.VALID),
    "doesn’t include SendGrid": (["v=spf1 mx -all"], RecordStatus.INVALID),
    "is there twice": (["v=spf1 include:sendgrid.net ~all", "v=spf1 mx ~all"], RecordStatus.INVALID),
    "lets anyone": (["v=spf1 include:sendgrid.net +all"], RecordStatus.INVALID),
    "asks too much": (
        ["v=spf1 include:sendgrid.net " + " ".join(f"a:h{n}.example" for n in range(10)) + " ~all"],
        RecordStatus.WARNING,
    ),
    "asks itself in a circle": (
        ["v=spf1 include:ring.example include:sendgrid.net ~all"],
        RecordStatus.VALID,
    ),
    "is about something else": (["spf2.0/pra include:sendgrid.net", "v=spf10 all"], RecordStatus.MISSING),
}


@pytest.mark.parametrize("case", SPF)
def test_an_spf_record_that(case: str, names: NameServer) -> None:
    texts, expected = SPF[case]
    names.says(HERE, *texts)
    names.says("mail.example", "v=spf1 redirect=more.example")
    names.says("more.example", "v=spf1 include:sendgrid.net -all")
    names.says("ring.example", "v=spf1 include:ring.example -all")
    assert checks_by_record(looked_up(names))["spf"].status is expected


def test_what_to_enter_keeps_what_is_there(names: NameServer) -> None:
    names.says(HERE, "v=spf1 mx include:other.example -all")
    assert (
        checks_by_record(looked_up(names))["spf"].record.value
        == "v=spf1 mx include:other.example include:sendgrid.net -all"
    )
    names.says(HERE, "v=spf1 mx ~all", "v=spf1 include:sendgrid.net +all")
    assert checks_by_record(looked_up(names))["spf"].record.value == "v=spf1 include:sendgrid.net mx ~all"
    names.says(HERE, "nothing of the kind")
    assert checks_by_record(looked_up(names))["spf"].record.value == "v=spf1 include:sendgrid.net ~all"


def test_a_mail_server_of_ones_own_needs_a_record_that_names_it(names: NameServer) -> None:
    names.says(HERE, "v=spf1 a:mail.ledgerworks.example -all")
    names.says(f"post._domainkey.{HERE}", KEY)
    names.says(f"_dmarc.{HERE}", "v=DMARC1; p=reject")
    found = looked_up(names, selector="post")
    assert statuses(found, by_sendgrid=False) == [RecordStatus.VALID] * 3
    assert "includes your mail server" in checks_by_record(found, by_sendgrid=False)["spf"].advice


DKIM = {
    "stands here itself": ("", KEY, RecordStatus.VALID),
    "is at SendGrid": (f"s1.domainkey.{AT_SENDGRID}", KEY, RecordStatus.VALID),
    "is promised at SendGrid and not there": (f"s1.domainkey.{AT_SENDGRID}", "", RecordStatus.INVALID),
    "belongs to somebody else": ("s1.domainkey.other.example", KEY, RecordStatus.INVALID),
    "was revoked": ("", "v=DKIM1; p=", RecordStatus.INVALID),
    "isn’t a key": ("", "hello", RecordStatus.INVALID),
}


@pytest.mark.parametrize("case", DKIM)
def test_a_key_that(case: str, names: NameServer) -> None:
    target, text, expected = DKIM[case]
    place = f"s1._domainkey.{HERE}"
    if target:
        names.leads(place, target)
    if text:
        names.says(target or place, text)
    assert checks_by_record(looked_up(names))["dkim-1"].status is expected


DMARC = {
    "only reports": (["v=DMARC1; p=none"], RecordStatus.VALID, "you get reports"),
    "refuses": (["v=DMARC1;p=Reject;"], RecordStatus.VALID, "are rejected"),
    "says nothing known": (["v=DMARC1; p=maybe"], RecordStatus.INVALID, "p=quarantine or p=reject"),
    "is there twice": (["v=DMARC1; p=none", "v=DMARC1; p=reject"], RecordStatus.INVALID, "Keep one"),
    "is something else": (["v=spf1 -all"], RecordStatus.INVALID, "must start with"),
    "is absent": ([], RecordStatus.MISSING, "There is none"),
}


@pytest.mark.parametrize("case", DMARC)
def test_a_policy_that(case: str, names: NameServer) -> None:
    texts, expected, words = DMARC[case]
    if texts:
        names.says(f"_dmarc.{HERE}", *texts)
    verdict = checks_by_record(looked_up(names))["dmarc"]
    assert verdict.status is expected
    assert words in verdict.advice


def test_a_policy_of_the_domain_above_counts_below(names: NameServer) -> None:
    names.says(f"_dmarc.{HERE}", "v=DMARC1; p=reject; sp=none")
    verdict = checks_by_record(looked_up(names, domain=f"news.{HERE}"))["dmarc"]
    assert verdict.status is RecordStatus.VALID
    assert f"It’s set at {HERE} and applies to you too. p=none" in verdict.advice
