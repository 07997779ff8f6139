"""The ledger of consents proves itself, also after a person was erased from it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from portal.advocates.consent_chain import active_consents, hash_of, write_hashes
from portal.advocates.consent_hashes import digest_of
from portal.advocates.consent_verification import DailyAnchor, verify
from portal.advocates.models import ConsentEntry, ConsentPurpose, ConsentSource, ConsentText

WORDS = [
    ConsentText(id=uuid4(), purpose=purpose, version=1, title=purpose, text=f"You may {purpose}")
    for purpose in ConsentPurpose
]
BY_ID = {words.id: words for words in WORDS}
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

Lines = list[tuple[ConsentText, bool, str]]  # words, given, e-mail

said = st.lists(
    st.tuples(st.sampled_from(WORDS), st.booleans(), st.text(max_size=20)), min_size=1, max_size=8
)


def ledger(lines: Lines) -> list[ConsentEntry]:
    """A person's ledger with one line for each (words, given, e-mail)."""
    advocate_id, entries = uuid4(), list[ConsentEntry]()
    for number, (words, is_given, email) in enumerate(lines, start=1):
        entry = ConsentEntry(advocate_id=advocate_id, number=number, purpose=words.purpose, granted=is_given)
        entry.text_id, entry.at, entry.source = words.id, NOON + timedelta(minutes=number), ConsentSource.JOIN
        entry.personal, entry.salt = {"email": email, "network_address": "203.0.113.7"}, f"salt {number}"
        entry.previous = entries[-1].hash if entries else ""
        write_hashes(entry, words)
        entries.append(entry)
    return entries


def dropped(entry: ConsentEntry) -> None:
    entry.personal = entry.salt = None


CHANGES = {
    "turned round": lambda entry: setattr(entry, "granted", not entry.granted),
    "moved in time": lambda entry: setattr(entry, "at", entry.at + timedelta(microseconds=1)),
    "given to another person": lambda entry: setattr(entry, "advocate_id", uuid4()),
    "moved to other words": lambda entry: setattr(
        entry, "text_id", next(w.id for w in WORDS if w.id != entry.text_id)
    ),
    "said elsewhere": lambda entry: setattr(entry, "source", ConsentSource.EMAIL),
    "signed by another address": lambda entry: setattr(entry, "personal", {"email": "mallory@example.com"}),
    "salted again": lambda entry: setattr(entry, "salt", "another"),
    "without its digest": lambda entry: setattr(entry, "digest", digest_of("", {})),
}


@given(said)
def test_an_untouched_ledger_verifies_with_and_without_the_person_in_it(lines: Lines) -> None:
    entries = ledger(lines)
    assert verify(entries, BY_ID)
    for entry in entries[::2]:
        dropped(entry)
    assert verify(entries, BY_ID, is_erased=True)
    assert not verify(entries, BY_ID), "nobody was erased, and still the person is gone"


@given(said, st.data())
def test_any_change_to_any_line_is_noticed(lines: Lines, data: st.DataObject) -> None:
    entries = ledger(lines)
    change = data.draw(st.sampled_from(sorted(CHANGES)))
    CHANGES[change](data.draw(st.sampled_from(entries)))
    assert not verify(entries, BY_ID), change


@given(said, st.data())
def test_a_line_taken_out_or_moved_is_noticed(lines: Lines, data: st.DataObject) -> None:
    entries = ledger(lines + lines)
    at = data.draw(st.integers(0, len(entries) - 2))
    assert not verify(entries[:at] + entries[at + 1 :], BY_ID)
    entries[at], entries[at + 1] = entries[at + 1], entries[at]
    assert not verify(entries, BY_ID)


@given(said, said)
def test_an_anchor_notices_an_end_cut_off_and_a_chain_written_anew(lines: Lines, others: Lines) -> None:
    entries = ledger(lines)
    anchors = [DailyAnchor(len(entries), entries[-1].hash, NOON.date())]
    assert verify(entries, BY_ID, anchors=anchors)
    for fewer in range(len(entries)):
        assert not verify(entries[:fewer], BY_ID, anchors=anchors)
    anew = ledger(lines + others)
    assert verify(anew, BY_ID)
    assert not verify(anew, BY_ID, anchors=anchors)


def test_a_changed_word_is_noticed_even_years_later() -> None:
    entries = ledger([(WORDS[0], True, "ada@wabtec.example")])
    softer = ConsentText(
        id=WORDS[0].id, purpose=WORDS[0].purpose, version=1, title=WORDS[0].title, text="You may call"
    )
    assert not verify(entries, {softer.id: softer})


def test_the_last_line_for_a_purpose_counts() -> None:
    calls, name = WORDS[:2]
    entries = ledger([(calls, True, "a"), (name, True, "a"), (calls, False, "a")])
    assert active_consents(entries) == {name.purpose: name.id}


def test_nobody_can_be_found_in_a_ledger_whose_person_was_erased() -> None:
    entry = ledger([(WORDS[0], True, "ada@wabtec.example")])[0]
    dropped(entry)
    guess = digest_of("", {"email": "ada@wabtec.example", "network_address": "203.0.113.7"})
    assert entry.digest != guess
    assert hash_of(entry, WORDS[0]) == entry.hash
